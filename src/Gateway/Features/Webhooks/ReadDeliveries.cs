using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>GET /v1/hooks/{id}/deliveries — what a hook was told, what waits, and what could not be told.</summary>
internal static class ReadDeliveries
{
    /// <param name="Event">The event's id, which is also the <c>webhook-id</c> of the request.</param>
    /// <param name="Type">The event's type; null when the event was erased.</param>
    /// <param name="State"><c>waiting</c>, <c>delivered</c>, <c>failed</c>, or <c>dropped</c>: the hook ended, or the event was
    /// erased.</param>
    /// <param name="Answer">The receiver's status, or why there was none.</param>
    /// <param name="DueAt">When it is tried next.</param>
    public sealed record View(
        string Id,
        string Event,
        string? Type,
        string State,
        int Attempts,
        string? Answer,
        DateTime CreatedAt,
        DateTime? DueAt,
        DateTime? DeliveredAt
    );

    public static void Map(IEndpointRouteBuilder group) =>
        group.MapGet("/{id}/deliveries", HandleAsync).WithName(nameof(ReadDeliveries)).WithSummary("What a hook was sent, newest first");

    /// <param name="state">Only those in this state.</param>
    private static async Task<Results<Ok<Page<View>>, ProblemHttpResult>> HandleAsync(
        string id,
        string? state,
        [AsParameters] PageQuery page,
        CallingSite site,
        DeliveryReader deliveries,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Delivery).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var (limit, after) = start;

        var states = Enum.GetValues<DeliveryState>().Where(one => state is null || CaseConverter.Lower(one.ToString()) == state).ToList();
        if (states.Count == 0)
        {
            return Problems.Invalid(
                "state",
                $"state is one of {string.Join(", ", Enum.GetNames<DeliveryState>().Select(CaseConverter.Lower))}."
            );
        }

        var hookId = PublicId.Parse(PublicId.Hook, id);
        if (!await db.Hooks.AnyAsync(hook => hook.SiteId == site.Id && hook.Id == hookId, ct))
        {
            return Problems.NotFound("hook");
        }

        var read = await deliveries.PageAsync(hookId!.Value, states, after, limit + 1, ct);
        return TypedResults.Ok(Page<View>.Of([.. read.Select(one => Of(one.Delivery, one.Type))], limit, one => one.Id));
    }

    private static View Of(Delivery row, string? type) =>
        new(
            PublicId.Format(PublicId.Delivery, row.Id),
            PublicId.Format(PublicId.Event, row.EventId),
            type,
            CaseConverter.Lower(row.State.ToString()),
            row.Attempts,
            row.Answer,
            row.CreatedAt,
            row.DueAt,
            row.DeliveredAt
        );
}
