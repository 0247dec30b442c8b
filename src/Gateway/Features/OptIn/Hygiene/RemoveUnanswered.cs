using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>POST /v1/hygiene/remove — whoever was asked whether they stay, and did not answer in time, is taken off a list.</summary>
internal static class RemoveUnanswered
{
    /// <param name="List">The list's id, lst_….</param>
    public sealed record Request(string? List);

    /// <param name="People">How many are taken off. They refused nothing by that, and may sign up again.</param>
    public sealed record Response(int People);

    public static void Map(RouteGroupBuilder group) =>
        group
            .MapPost("/remove", HandleAsync)
            .WithName(nameof(RemoveUnanswered))
            .WithSummary("Take off a list who was asked whether they stay and did not answer");

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        ListStore lists,
        HygieneRounds rounds,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(site.Id, request.List, ct) is not { } list)
        {
            return Problems.Invalid("list", "There is no such list at this site.");
        }

        var people = await rounds.RemoveUnansweredAsync(list, http.User.FindFirst(CallerClaims.Caller)!.Value, ct);
        return TypedResults.Accepted("/v1/hygiene", new Response(people));
    }
}
