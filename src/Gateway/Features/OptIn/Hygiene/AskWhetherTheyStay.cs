using FluentValidation;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>POST /v1/hygiene/ask — every silent person of a list gets a mail that asks whether they stay.</summary>
internal static class AskWhetherTheyStay
{
    /// <param name="List">The list's id, lst_….</param>
    /// <param name="Months">From so many months without a sign of life on somebody is silent: 1 to 36; 6 when left out.</param>
    /// <param name="DryRun">Only count; nobody is asked.</param>
    public sealed record Request(string? List, int? Months, bool DryRun = false);

    /// <param name="People">How many are asked, or would be, at most: nobody is asked twice within twelve months, nor who refused mail or
    /// cannot get any, and the last are counted here.</param>
    public sealed record Response(int People, bool DryRun);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.List).NotEmpty().WithMessage("list is needed: the id of the list, lst_….");
            RuleFor(request => request.Months)
                .Must(months => months is null || HygieneFigures.MonthsError(months.Value) is null)
                .WithMessage(HygieneFigures.MonthsError(0));
        }
    }

    public static void Map(RouteGroupBuilder group) =>
        group
            .MapPost("/ask", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(AskWhetherTheyStay))
            .WithSummary("Ask the silent people of a list whether they stay");

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        ListStore lists,
        HygieneFigures figures,
        HygieneRounds rounds,
        HttpContext http,
        CancellationToken ct
    )
    {
        var months = request.Months?.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var asked = await figures.QuestionAsync(site.Id, request.List, months, ct);
        if (asked.IsRefused(out var why, out var question))
        {
            return Problems.Of(why);
        }

        var list = (await lists.FindAsync(question.ListId, ct))!;
        var actor = http.User.FindFirst(CallerClaims.Caller)!.Value;
        var people = request.DryRun ? await figures.CountToAskAsync(question, ct) : await rounds.AskAsync(list, question, actor, ct);
        return TypedResults.Accepted("/v1/hygiene", new Response(people, request.DryRun));
    }
}
