using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>GET /v1/hygiene and GET /v1/sites/{site}/hygiene — how many on the lists are worth a look, and why.</summary>
internal static class ReadHygiene
{
    public static void Map(RouteGroupBuilder group) =>
        group
            .MapGet("/", HandleAsync)
            .WithName(nameof(ReadHygiene))
            .WithSummary("How many on the site's lists are worth a look, and why");

    public static void MapSite(RouteGroupBuilder site) =>
        site.MapGet("/hygiene", HandleAsync)
            .WithName(nameof(ReadHygiene) + "OfSite")
            .WithSummary("How many on the site's lists are worth a look, for its plugin");

    /// <param name="list">The list's id, lst_…; all of them when left out.</param>
    /// <param name="months">From so many months without a sign of life on somebody is silent: 1 to 36, 6 when left out.</param>
    private static async Task<Results<Ok<HygieneCounts>, ProblemHttpResult>> HandleAsync(
        string? list,
        string? months,
        CallingSite site,
        HygieneFigures figures,
        CancellationToken ct
    )
    {
        var asked = await figures.QuestionAsync(site.Id, list, months, ct);
        return asked.IsRefused(out var why, out var question)
            ? Problems.Of(why)
            : TypedResults.Ok(await figures.CountAsync(question, ct));
    }
}
