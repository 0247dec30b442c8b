using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// Links that work no longer: to leave, to choose, to stay. Those of a request go with it, since its page says how it ended. Each has a
/// date of its own, so they need not be kept as long as a site keeps the rest.
/// </summary>
internal sealed class ExpiredLinks(GatewayDb db, TimeProvider clock) : ISettledRows
{
    public async Task<SettledBite?> DeleteAsync(Guid after, Func<Guid, DateTime> keep, DateTime latest, int limit, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var expired = await db
            .LinkTokens.Where(token => token.RequestId == null && token.ExpiresAt <= now)
            .OrderBy(token => token.ExpiresAt)
            .Take(limit)
            .Select(token => token.Hash)
            .ToListAsync(ct);
        return expired.Count == 0
            ? null
            : new(
                after,
                await db.WriteAsync(() => db.LinkTokens.Where(token => expired.Contains(token.Hash)).ExecuteDeleteAsync(ct), ct)
            );
    }
}
