using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Mailjet;

/// <summary>POST /v1/templates/convert — a template in Mailjet's language becomes one in Liquid. Nothing is stored.</summary>
internal static class ConvertMailjet
{
    /// <param name="Source">The subject, HTML or text of a template in Mailjet's language.</param>
    public sealed record Request(string? Source);

    /// <param name="Liquid">The same in Liquid; what could not be converted stands in it as a comment.</param>
    /// <param name="Findings">What somebody should look at, in the order of the source.</param>
    public sealed record Response(string Liquid, IReadOnlyList<MailjetFinding> Findings);

    public sealed class Validator : AbstractValidator<Request>
    {
        private const int Longest = 500_000;

        public Validator()
        {
            RuleFor(request => request.Source)
                .NotNull()
                .WithMessage("source is needed: the template in Mailjet's language.")
                .MaximumLength(Longest)
                .WithMessage($"source may have at most {Longest} characters.");
        }
    }

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/convert", HandleAsync)
            .RequireAuthorization(Policies.Token)
            .Validate<Request>()
            .WithName(nameof(ConvertMailjet))
            .WithSummary("Convert a template from Mailjet's language to Liquid");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        CancellationToken ct
    )
    {
        try
        {
            var (liquid, findings) = await MailjetImport.ConvertAsync(request.Source!, site.Id, ct);
            return TypedResults.Ok(new Response(liquid, findings));
        }
        catch (RenderLimitException)
        {
            return Problems.Invalid("source", "Converting it takes too long. Convert it in smaller pieces.");
        }
    }
}
