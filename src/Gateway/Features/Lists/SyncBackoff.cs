using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Lists;

/// <summary>
/// How long a sync waits after a failure of its own. It never gives up. What concerns the account or the provider is no failure of a sync:
/// then its connection is held.
/// </summary>
internal static class SyncBackoff
{
    public static readonly Backoff Pace = new(First: TimeSpan.FromMinutes(1), Max: TimeSpan.FromHours(1));
}
