using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>GET /v1/events — what happened, newest first, each item as hooks are told it.</summary>
internal static class ReadEvents
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/events", HandleAsync)
            .WithTags("Hooks")
            .WithName(nameof(ReadEvents))
            .WithSummary("The site's events, newest first, as hooks get them");

    /// <param name="type">Types, separated by commas; all when left out.</param>
    private static async Task<Results<Ok<Page<EventResponse>>, ProblemHttpResult>> HandleAsync(
        string? type,
        [AsParameters] PageQuery page,
        CallingSite site,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Event).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var (limit, after) = start;

        if (EventTypes.Error(type ?? "") is { } unknown)
        {
            return Problems.Invalid("type", unknown);
        }

        // As the index (site, type, id) has them: the newest of each type, and of these the newest.
        var newest = new List<Guid>();
        foreach (var one in type is null ? EventTypes.All : EventTypes.Split(type).Distinct())
        {
            newest.AddRange(
                await db
                    .Events.Where(row =>
                        row.SiteId == site.Id
                        && row.Type == one
                        && (after == null || row.Id < after)
                        && (site.Site.TellSubmissions || row.Type != EventTypes.SubmissionReceived)
                    )
                    .OrderByDescending(row => row.Id)
                    .Select(row => row.Id)
                    .Take(limit + 1)
                    .ToListAsync(ct)
            );
        }

        var ids = newest.OrderDescending().Take(limit + 1).ToList();
        var events = await db.Events.AsNoTracking().Where(row => ids.Contains(row.Id)).OrderByDescending(row => row.Id).ToListAsync(ct);
        return TypedResults.Ok(Page<EventResponse>.Of([.. events.Select(EventResponse.Of)], limit, one => one.Id));
    }
}
