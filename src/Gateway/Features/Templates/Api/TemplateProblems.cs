using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>Why something could not be done with a template, as an answer.</summary>
internal static class TemplateProblems
{
    public const string Invalid = "template_invalid";

    public static ProblemHttpResult NoTemplate() => Problems.NotFound("template");

    public static ProblemHttpResult NoContacts() => Problems.Of(
        StatusCodes.Status403Forbidden, "forbidden", "This access token may not read contacts. Leave contact out, or get one with the scope contacts or read.");

    public static ProblemHttpResult Of(TemplateOutcome outcome) => outcome switch
    {
        TemplateOutcome.Refused refused => Problems.Invalid(refused.Field, refused.Reason),
        TemplateOutcome.Conflict conflict => Problems.Of(StatusCodes.Status409Conflict, conflict.Code, conflict.Reason),
        TemplateOutcome.Faulty faulty => Faulty(faulty.Faults),
        TemplateOutcome.Missing missing => Problems.NotFound(missing.What),
        _ => NoTemplate(),
    };

    public static ProblemHttpResult Of(DraftOutcome outcome) => outcome switch
    {
        DraftOutcome.Faulty faulty => Faulty(faulty.Faults),
        DraftOutcome.Missing missing => Problems.NotFound(missing.What),
        _ => Problems.Of(StatusCodes.Status409Conflict, "overtaken", "Somebody saved or published it at the same moment. Read it again."),
    };

    /// <summary>The sentences by part, for people; and <c>faults</c> with line and column, for editors.</summary>
    public static ProblemHttpResult Faulty(IReadOnlyList<TemplateFault> faults)
    {
        var problem = Problems.Of(
            StatusCodes.Status400BadRequest, Invalid, string.Join(" ", faults.Take(5)),
            faults.GroupBy(fault => fault.Part).ToDictionary(part => part.Key, part => part.Select(fault => $"Line {fault.Line}, column {fault.Column}: {fault.Message}").ToArray()));
        problem.ProblemDetails.Extensions["faults"] = faults.Select(FaultView.Of).ToList();
        return problem;
    }
}
