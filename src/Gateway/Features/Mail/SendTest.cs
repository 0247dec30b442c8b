using System.Globalization;
using System.Text.Json;
using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Segments;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Mail;

/// <summary>POST /v1/templates/{id}/test — send me a test.</summary>
internal static class SendTest
{
    /// <param name="To">One of the addresses that an operator allowed for the site.</param>
    /// <inheritdoc cref="PreviewTemplate.Request"/>
    public sealed record Request(
        string? To,
        string? Language,
        string? Version,
        string? Sample,
        JsonElement? Values,
        IReadOnlyDictionary<string, string?>? Simple,
        string? Contact,
        IReadOnlyList<string>? Segments = null,
        string? Sections = null
    );

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.To).NotEmpty().WithMessage("to is needed: one address that tests may go to.");
            RuleFor(request => request.Language)
                .Must(language => language is null || Languages.All.Contains(language))
                .WithMessage(SaveDraft.ExpectedLanguage);
        }
    }

    public static void Map(IEndpointRouteBuilder template) =>
        template
            .MapPost("/test", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(SendTest))
            .WithSummary("Send a test of a template, marked [Test], to an allowed address")
            .Answers(StatusCodes.Status400BadRequest, "`template_invalid`: with these values it cannot be sent.")
            .Answers(
                StatusCodes.Status403Forbidden,
                "`recipient_not_allowed`: an operator of the gateway allows addresses for each site."
            )
            .Answers(StatusCodes.Status429TooManyRequests, "`rate_limited`: too many tests within an hour.");

    private static async Task<Results<Accepted<MessageResponse>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        TemplateOfSite of,
        TemplateDrafts drafts,
        PreviewValues previewValues,
        PreviewAudience previewAudience,
        TemplatePreview preview,
        TestSend test,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Template is not { } template)
        {
            return TemplateProblems.NoTemplate();
        }

        if (request.Contact is not null && !of.MayReadContacts)
        {
            return TemplateProblems.NoContacts();
        }

        if (template.Kind == TemplateKind.Sms)
        {
            return Problems.Invalid("to", "An SMS costs, so its template is only previewed; send one with POST /v1/sms.");
        }

        if (
            await PreviewTemplate.VersionAsync(drafts, template.Id, request.Language ?? site.Site.Language, request.Version, ct)
            is not { } version
        )
        {
            return Problems.NotFound("version");
        }

        var input = new PreviewInput(request.Sample, request.Values, request.Simple, request.Contact, request.Segments, request.Sections);
        if ((await previewValues.PutTogetherAsync(site.Site, template.Id, input, ct)).IsRefused(out var unfit, out var values))
        {
            return Problems.Of(unfit);
        }

        var asWhom = await previewAudience.OfAsync(site.Site, template.Kind, version.Language, input, values, ct);
        if (asWhom.IsRefused(out unfit, out var recipient))
        {
            return Problems.Of(unfit);
        }

        if (
            (
                await preview.ShowAsync(site.Site, template.Kind, version.Language, version.Source, values, recipient.Audience, ct)
            ).Errors is
            { Count: > 0 } errors
        )
        {
            return TemplateProblems.Unusable(errors);
        }

        var sent = await test.SendAsync(site.Site, template, version, values, recipient, request.To!, ct);
        if (sent.IsRefused(out var why, out var message))
        {
            http.Response.Headers.RetryAfter = why.Kind == RefusalKind.TooMany ? 600.ToString(CultureInfo.InvariantCulture) : default;
            return Problems.Of(why);
        }

        var response = MessageResponse.Of(message, clock.GetUtcNow().UtcDateTime);
        return TypedResults.Accepted($"/v1/messages/{response.Id}", response);
    }
}
