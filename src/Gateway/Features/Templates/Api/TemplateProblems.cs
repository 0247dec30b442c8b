using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>Why something could not be done with a template, as an answer.</summary>
internal static class TemplateProblems
{
    public const string Invalid = "template_invalid";

    public static ProblemHttpResult NoTemplate() => Problems.NotFound("template");

    public static ProblemHttpResult NoContacts() =>
        Problems.Of(
            StatusCodes.Status403Forbidden,
            "forbidden",
            "This access token may not read contacts. Leave contact out, or get one with the scope contacts or read."
        );

    public static ProblemHttpResult Of(TemplateOutcome outcome) =>
        outcome switch
        {
            TemplateOutcome.Refused refused => Problems.Invalid(refused.Field, refused.Reason),
            TemplateOutcome.Conflict conflict => Problems.Of(StatusCodes.Status409Conflict, conflict.Code, conflict.Reason),
            TemplateOutcome.Invalid invalid => Unusable(invalid.Errors),
            TemplateOutcome.Missing missing => Problems.NotFound(missing.What),
            _ => NoTemplate(),
        };

    public static ProblemHttpResult Of(DraftOutcome outcome) =>
        outcome switch
        {
            DraftOutcome.Invalid invalid => Unusable(invalid.Errors),
            DraftOutcome.Missing missing => Problems.NotFound(missing.What),
            _ => Problems.Of(
                StatusCodes.Status409Conflict,
                "overtaken",
                "Somebody saved or published it at the same moment. Read it again."
            ),
        };

    /// <summary>The sentences by part, for people; and <c>locations</c> with line and column, for editors.</summary>
    public static ProblemHttpResult Unusable(IReadOnlyList<TemplateError> errors)
    {
        var problem = Problems.Of(
            StatusCodes.Status400BadRequest,
            Invalid,
            string.Join(" ", errors.Take(5)),
            errors
                .GroupBy(error => error.Part)
                .ToDictionary(
                    part => part.Key,
                    part => part.Select(error => $"Line {error.Line}, column {error.Column}: {error.Message}").ToArray()
                )
        );
        problem.ProblemDetails.Extensions["locations"] = errors.Select(TemplateErrorLine.Of).ToList();
        return problem;
    }
}
