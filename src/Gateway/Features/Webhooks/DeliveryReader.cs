using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>A delivery, with the type of what it tells; null where that was erased.</summary>
internal sealed record DeliveryOfEvent(Delivery Delivery, string? Type);

/// <summary>Reads what a hook was sent, newest first.</summary>
internal sealed class DeliveryReader(GatewayDb db)
{
    /// <param name="states">Only those in one of these states.</param>
    /// <param name="after">The last of the page before; null for the first page.</param>
    public async Task<List<DeliveryOfEvent>> PageAsync(
        Guid hookId,
        IReadOnlyCollection<DeliveryState> states,
        Guid? after,
        int limit,
        CancellationToken ct
    )
    {
        var read = await (
            from row in db.Deliveries.AsNoTracking()
            where row.HookId == hookId && states.Contains(row.State) && (after == null || row.Id < after)
            join happened in db.Events on row.EventId equals happened.Id into found
            from happened in found.DefaultIfEmpty()
            orderby row.Id descending
            select new { row, Type = (string?)happened.Type }
        )
            .Take(limit)
            .ToListAsync(ct);
        return read.ConvertAll(one => new DeliveryOfEvent(one.row, one.Type));
    }

    public Task<Delivery?> FindAsync(Guid siteId, Guid? deliveryId, CancellationToken ct) =>
        db.Deliveries.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId && row.Id == deliveryId, ct);
}
