using Gateway.Features.Templates.Findings;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>The words of a template: saved as a draft, published, taken back, brought back.</summary>
internal static class SaveDraft
{
    /// <param name="Preheader">What mail programs show beside the subject; it need not stand in the HTML.</param>
    /// <param name="Text">The text part; of an SMS its text, and all there is.</param>
    public sealed record Request(string? Subject, string? Preheader, string? Html, string? Text)
    {
        public TemplateSource ToSource() =>
            new(Subject ?? "", Preheader ?? "", (Html ?? "").ReplaceLineEndings("\n"), (Text ?? "").ReplaceLineEndings("\n"));
    }

    public static readonly string ExpectedLanguage = $"language is one of {string.Join(", ", Languages.All)}.";

    private const string Invalid = "`template_invalid`: the words cannot be read, or not be sent; `errors` says where.";

    public static void Map(IEndpointRouteBuilder template)
    {
        template
            .MapPut("/drafts/{language}", SaveAsync)
            .ComparesVersion()
            .TellsVersion()
            .WithName(nameof(SaveDraft))
            .WithSummary("Save the draft of a language")
            .Answers(StatusCodes.Status400BadRequest, Invalid);
        template
            .MapDelete("/drafts/{language}", DiscardAsync)
            .ComparesVersion()
            .WithName("DiscardDraft")
            .WithSummary("Throw the draft of a language away");
        template
            .MapPost("/drafts/{language}/publish", PublishAsync)
            .WithName("PublishDraft")
            .WithSummary("Send the draft's words from now on")
            .Answers(StatusCodes.Status400BadRequest, Invalid)
            .Answers(StatusCodes.Status409Conflict, "`overtaken`: somebody saved or published at the same moment.");
        template
            .MapPost("/versions/{language}/{number:int}/restore", RestoreAsync)
            .WithName("RestoreVersion")
            .WithSummary("Make an old version the draft")
            .Answers(StatusCodes.Status400BadRequest, Invalid);
    }

    private static async Task<Results<Ok<VersionDetails>, ProblemHttpResult>> SaveAsync(
        string language,
        Request request,
        DraftOfSite of,
        TemplateDrafts drafts,
        TemplateFindings findings,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Template is not { } template)
        {
            return TemplateProblems.NoTemplate();
        }

        if (of.Language is not { } known)
        {
            return Problems.Invalid("language", ExpectedLanguage);
        }

        // The draft that the caller read is no draft any more.
        if (http.ComparesVersion() && of.Draft is null)
        {
            return TemplateProblems.Of(new DraftOutcome.Overtaken());
        }

        var onlyOver = http.ComparesVersion() ? of.Draft : null;
        var outcome = await drafts.SaveAsync(template, known, request.ToSource(), of.Of.Caller, ct, onlyOver: onlyOver);
        if (outcome is DraftOutcome.Done { Version: var saved })
        {
            http.TellVersion(saved.Changeable());
        }

        return await AnswerAsync(outcome, template, findings, ct);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DiscardAsync(
        string language,
        DraftOfSite of,
        TemplateDrafts drafts,
        CancellationToken ct
    ) =>
        of.Template is null ? TemplateProblems.NoTemplate()
        : await drafts.DiscardAsync(of.Template.Id, Languages.Pick(language, language), ct) ? TypedResults.NoContent()
        : Problems.NotFound("draft");

    private static async Task<Results<Ok<VersionDetails>, ProblemHttpResult>> PublishAsync(
        string language,
        TemplateOfSite of,
        TemplateDrafts drafts,
        TemplateFindings findings,
        CancellationToken ct
    )
    {
        if (of.Template is null)
        {
            return TemplateProblems.NoTemplate();
        }

        var outcome = await drafts.PublishAsync(of.Template, Languages.Pick(language, language), of.Caller, ct);
        if (outcome is DraftOutcome.Done) { }

        return await AnswerAsync(outcome, of.Template, findings, ct);
    }

    private static async Task<Results<Ok<VersionDetails>, ProblemHttpResult>> RestoreAsync(
        string language,
        int number,
        TemplateOfSite of,
        TemplateDrafts drafts,
        TemplateFindings findings,
        CancellationToken ct
    ) =>
        of.Template is null
            ? TemplateProblems.NoTemplate()
            : await AnswerAsync(
                await drafts.RestoreAsync(of.Template, Languages.Pick(language, language), number, of.Caller, ct),
                of.Template,
                findings,
                ct
            );

    /// <summary>With what was found about the words: it advises, and keeps nothing from being saved or sent.</summary>
    private static async Task<Results<Ok<VersionDetails>, ProblemHttpResult>> AnswerAsync(
        DraftOutcome outcome,
        Template template,
        TemplateFindings findings,
        CancellationToken ct
    ) =>
        outcome is DraftOutcome.Done { Version: var version }
            ? TypedResults.Ok(
                VersionDetails.Of(version) with
                {
                    Findings = TemplateFindingResponse.Unmuted(await findings.OfAsync(template, version, ct)),
                }
            )
            : TemplateProblems.Of(outcome);
}
