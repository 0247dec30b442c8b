using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Confirmation mails of a site that wait for one reason.</summary>
/// <param name="NextAt">When the first of them is tried again.</param>
internal sealed record HeldGroup(Guid SiteId, HoldReason Reason, int Count, DateTime NextAt);

/// <summary>What is held back, for those who look after sites.</summary>
internal sealed class HeldBack(GatewayDb db, Breakers breakers)
{
    /// <param name="siteId">Null for all sites.</param>
    public async Task<List<HeldGroup>> ReadAsync(Guid? siteId, CancellationToken ct) =>
        await db
            .OptInRequests.AsNoTracking()
            .Where(row => row.State == OptInState.Held && row.HeldFor != null && row.DueAt != null)
            .Where(row => siteId == null || row.SiteId == siteId)
            .GroupBy(row => new { row.SiteId, row.HeldFor })
            .OrderBy(same => same.Key.SiteId)
            .ThenBy(same => same.Key.HeldFor)
            .Select(same => new HeldGroup(same.Key.SiteId, same.Key.HeldFor!.Value, same.Count(), same.Min(row => row.DueAt)!.Value))
            .ToListAsync(ct);

    /// <returns>The domains of a site where too few confirm.</returns>
    public Task<List<Breaker>> BreakersAsync(Guid siteId, CancellationToken ct) => breakers.OpenAsync(siteId, ct);
}
