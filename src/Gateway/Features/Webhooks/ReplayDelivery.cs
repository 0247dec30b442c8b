using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>POST /v1/deliveries/{id}/replay — tell it again, under the same id; the retries begin anew.</summary>
internal sealed class ReplayDelivery(GatewayDb db, Signal<SendDeliveries> signal, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost("/deliveries/{id}/replay", HandleAsync)
            .WithTags("Hooks")
            .WithName(nameof(ReplayDelivery))
            .WithSummary("Send a delivery to its hook again, under the same id; one that waits stays as it is")
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Accepted, ProblemHttpResult>> HandleAsync(
        string id,
        CallingSite site,
        ReplayDelivery replay,
        GatewayDb db,
        CancellationToken ct
    ) =>
        PublicId.Parse(PublicId.Delivery, id) is { } deliveryId && await replay.IsOfAsync(site.Id, deliveryId, ct)
            ? await db.WriteAsync(() => replay.ReplayAsync(deliveryId, ct), ct)
                ? TypedResults.Accepted((string?)null)
                : Problems.Of(
                    StatusCodes.Status409Conflict,
                    "hook_ended",
                    "The hook has ended, so it is called no more. Add it anew to go on."
                )
            : Problems.NotFound("delivery");

    /// <returns>False when the hook has ended. Runs inside the caller's transaction.</returns>
    public async Task<bool> ReplayAsync(Guid id, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var hooks = db.Hooks;
        var alive = db.Deliveries.Where(row => row.Id == id && hooks.Any(hook => hook.Id == row.HookId && hook.EndedAt == null));
        await alive
            .Where(row => row.State != DeliveryState.Waiting)
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(row => row.State, DeliveryState.Waiting)
                        .SetProperty(row => row.Failures, 0)
                        .SetProperty(row => row.DueAt, now),
                ct
            );
        db.OnCommitted(signal.Wake);
        return await alive.AnyAsync(ct);
    }

    private Task<bool> IsOfAsync(Guid siteId, Guid id, CancellationToken ct) =>
        db.Deliveries.AnyAsync(row => row.SiteId == siteId && row.Id == id, ct);
}
