using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Lint;

/// <summary>POST /v1/templates/lint — look at a message before it is sent.</summary>
internal static class LintMessage
{
    /// <param name="Kind"><c>confirmation</c>, <c>welcome</c>, <c>email</c> (transactional), <c>list</c> (to everybody on a list) or
    /// <c>sms</c>.</param>
    /// <param name="Language">Two letters or a locale such as <c>fr_FR</c>; the site's when left out.</param>
    /// <param name="From">The sender as <c>Name &lt;address&gt;</c>; of an SMS the sender's name or number.</param>
    /// <param name="Html">The HTML part, as a template or rendered.</param>
    /// <param name="Text">The text part; of an SMS its text.</param>
    /// <param name="RecentSubjects">Subjects of the last messages to the same list, newest first, at most 20.</param>
    public sealed record Request(
        string? Kind,
        string? Language,
        string? Subject,
        string? Preheader,
        string? From,
        string? Html,
        string? Text,
        IReadOnlyList<string?>? RecentSubjects
    );

    public sealed record Response(IReadOnlyList<FindingResponse> Findings);

    public sealed class Validator : AbstractValidator<Request>
    {
        private const int MaxLine = 1000;
        private const int MaxBody = 500_000;
        private const int MaxRecent = 20;

        public Validator()
        {
            RuleFor(request => request.Kind)
                .Must(kind => kind is not null && MessageKinds.All.Contains(kind))
                .WithMessage($"kind is one of {string.Join(", ", MessageKinds.All)}.");
            RuleFor(request => request.Language)
                .MaximumLength(Languages.MaxLength)
                .WithMessage("language is two letters or a locale such as fr_FR.");
            RuleFor(request => request.Subject).MaximumLength(MaxLine).WithMessage($"subject may have at most {MaxLine} characters.");
            RuleFor(request => request.Preheader).MaximumLength(MaxLine).WithMessage($"preheader may have at most {MaxLine} characters.");
            RuleFor(request => request.From).MaximumLength(MaxLine).WithMessage($"from may have at most {MaxLine} characters.");
            RuleFor(request => request.Html).MaximumLength(MaxBody).WithMessage($"html may have at most {MaxBody} characters.");
            RuleFor(request => request.Text).MaximumLength(MaxBody).WithMessage($"text may have at most {MaxBody} characters.");
            RuleFor(request => request.RecentSubjects)
                .Must(recent => recent is null || (recent.Count <= MaxRecent && recent.All(subject => subject?.Length <= MaxLine)))
                .WithMessage($"recentSubjects holds up to {MaxRecent} texts of up to {MaxLine} characters.");
        }
    }

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/lint", HandleAsync)
            .RequireAuthorization(Policies.Token)
            .Validate<Request>()
            .WithName(nameof(LintMessage))
            .WithSummary("Findings about a message: words, subject, button, links, law, and the parts of an SMS");

    private static async Task<Ok<Response>> HandleAsync(Request request, CallingSite site, Linter linter, CancellationToken ct)
    {
        var found = await linter.LookAsync(MessageOf(request, site.Site.Language), site.Id, ct);
        return TypedResults.Ok(new Response(found.ConvertAll(FindingResponse.Of)));
    }

    public static LintedMessage MessageOf(Request request, string otherwise) =>
        new(
            request.Kind!,
            Languages.Pick(request.Language, otherwise),
            request.Subject,
            request.Preheader,
            request.From,
            request.Html,
            request.Text,
            [.. request.RecentSubjects?.OfType<string>() ?? []]
        );
}
