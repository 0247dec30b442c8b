using Gateway.Features.Mail.Budgets;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// The order of what is held back: first one of each visitor network, then the second of each, and so on. By age alone, whoever asked for
/// five hundred mails would come before everybody who asked for one after them.
/// </summary>
internal sealed class HeldTurns(GatewayDb db)
{
    /// <returns>In the order in which they take what room there is.</returns>
    public static List<OptInRequest> Of(IEnumerable<OptInRequest> held) =>
        [
            .. held.OrderBy(request => request.CreatedAt)
                .ThenBy(request => request.Id)
                .GroupBy(NetworkOf)
                .SelectMany(same => same.Select((request, turn) => (request, turn)))
                .OrderBy(one => one.turn)
                .ThenBy(one => one.request.CreatedAt)
                .ThenBy(one => one.request.Id)
                .Select(one => one.request),
        ];

    /// <param name="held">Requests that are to be held back now, or are still.</param>
    /// <returns>By id, how many of the same network came before it and are held too.</returns>
    public async Task<Dictionary<Guid, int>> OfAsync(IReadOnlyList<OptInRequest> held, CancellationToken ct)
    {
        var turns = new Dictionary<Guid, int>(held.Count);
        foreach (var site in held.GroupBy(request => request.SiteId))
        {
            var (siteId, first) = (site.Key, site.Min(request => request.CreatedAt));
            var networks = site.Select(request => request.Network).Distinct().ToList();
            var before = await db
                .OptInRequests.Where(row =>
                    row.SiteId == siteId
                    && row.State == OptInState.Held
                    && row.HeldFor != null
                    && row.CreatedAt < first
                    && networks.Contains(row.Network)
                )
                .GroupBy(row => row.Network)
                .Select(same => new { same.Key, Count = same.Count() })
                .ToListAsync(ct);
            foreach (var same in site.GroupBy(request => request.Network))
            {
                var turn = before.Find(one => one.Key == same.Key)?.Count ?? 0;
                foreach (var request in same.OrderBy(request => request.CreatedAt).ThenBy(request => request.Id))
                {
                    turns[request.Id] = turn++;
                }
            }
        }

        return turns;
    }

    /// <summary>Where nobody knows it, all of a site are one.</summary>
    private static (Guid SiteId, string Network) NetworkOf(OptInRequest request) =>
        (request.SiteId, request.Visitor is null ? "" : BudgetKeys.Of(request.Visitor).Network);
}
