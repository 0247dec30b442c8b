using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Api;

/// <summary>POST /v1/templates — a new template, with a draft to begin with.</summary>
internal static class AddTemplate
{
    /// <param name="Key">How callers name it: small letters, digits and hyphens. It stays.</param>
    /// <param name="Kind"><c>confirmation</c>, <c>welcome</c>, <c>email</c> or <c>sms</c>. It stays.</param>
    /// <param name="Name">For people; the key when left out.</param>
    /// <param name="Language">Of the first draft; the site's when left out.</param>
    /// <param name="Source">The first draft; a copy of the built-in template of that kind and language when left out.</param>
    public sealed record Request(string? Key, string? Kind, string? Name, string? Language, SaveDraft.Request? Source);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.Key).NotEmpty().WithMessage("key is needed, such as order-shipped.");
            RuleFor(request => request.Kind).Must(kind => TemplateKinds.Parse(kind) is not null).WithMessage(TemplateKinds.Expected);
            RuleFor(request => request.Language)
                .Must(language => language is null || Languages.All.Contains(language))
                .WithMessage(SaveDraft.ExpectedLanguage);
        }
    }

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(AddTemplate))
            .WithSummary("Add a template; its first draft is a copy of the built-in one unless the words are sent along")
            .Answers(StatusCodes.Status400BadRequest, "`template_invalid`: the words cannot be read; `errors` says where.")
            .Answers(StatusCodes.Status409Conflict, "`key_taken`: the site has a template with this key. `too_many`.");

    private static async Task<Results<Created<ReadTemplate.Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        TemplateStore store,
        BeginTemplate begin,
        GatewayDb db,
        HttpContext http,
        CancellationToken ct
    )
    {
        var caller = http.User.FindFirst(CallerClaims.Caller)?.Value ?? "";
        var outcome = await begin.AddAsync(
            site.Id,
            request.Key!,
            TemplateKinds.Parse(request.Kind)!.Value,
            request.Name ?? request.Key!,
            request.Language ?? site.Site.Language,
            request.Source?.ToSource(),
            caller,
            ct
        );
        if (outcome is not TemplateOutcome.Done { Template: var template })
        {
            return TemplateProblems.Of(outcome);
        }

        var id = PublicId.Format(PublicId.Template, template.Id);
        return TypedResults.Created($"/v1/templates/{id}", await ReadTemplate.ResponseAsync(template, db, store, ct));
    }
}
