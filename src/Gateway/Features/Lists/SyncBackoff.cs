using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Lists;

/// <summary>
/// How long a sync waits after a failure. It never gives up: a provider that is down for a day hears everything afterwards.
/// </summary>
internal static class SyncBackoff
{
    /// <summary>Also the pace of what an operator must fix, such as wrong credentials.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromHours(1);

    public static readonly Backoff Pace = new(TimeSpan.FromMinutes(1), Max);
}
