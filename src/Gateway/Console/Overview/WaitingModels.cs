using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Console.Overview;

/// <summary>What waits in a queue, and for how long. Public, like the components, because Razor makes them so.</summary>
/// <param name="What">In a word or two.</param>
/// <param name="For">How long the oldest is overdue, in words; null when nothing is late.</param>
/// <param name="IsLate">Whether it waits longer than it should.</param>
public sealed record WaitRow(string What, int Count, string? For, bool IsLate)
{
    /// <summary>A worker takes what is due within seconds; whoever waits so long waits for something.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    /// <summary>Queues of work that somebody waits for; expiry and the fan-out of events are the gateway's own.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["submissions"] = "Submissions to be understood",
        ["mail"] = "Emails to be sent",
        ["sms"] = "SMS to be sent",
        ["lists"] = "Changes of lists for their providers",
        ["deliveries"] = "Calls to hooks",
        ["imports"] = "Imports",
    };

    internal static bool IsShown(IQueueTable queue) => NameOf(queue.Queue) is not null;

    /// <returns>A queue in a few words; null for one of the gateway's own.</returns>
    internal static string? NameOf(string queue) => Names.GetValueOrDefault(queue);

    internal static WaitRow Of(SiteWait wait, DateTime now)
    {
        var late = now - wait.OldestDue;
        return new(Names[wait.Queue], wait.Waiting, late > TimeSpan.FromSeconds(1) ? WordsOf(late.Value) : null, late > Late);
    }

    private static string WordsOf(TimeSpan time) =>
        time switch
        {
            { TotalDays: >= 2 } => $"{(int)time.TotalDays} days",
            { TotalHours: >= 2 } => $"{(int)time.TotalHours} hours",
            { TotalMinutes: >= 2 } => $"{(int)time.TotalMinutes} minutes",
            _ => $"{(int)time.TotalSeconds} seconds",
        };
}

/// <summary>What waits: of one site, or of the whole gateway.</summary>
internal sealed class Waits(SideBySide sideBySide, TimeProvider clock)
{
    /// <returns>Queues in which something of the site waits.</returns>
    public Task<List<WaitRow>> OfSiteAsync(Guid siteId, CancellationToken ct) => ReadAsync(siteId, ct);

    /// <returns>Queues in which anything waits.</returns>
    public Task<List<WaitRow>> AllAsync(CancellationToken ct) => ReadAsync(siteId: null, ct);

    private async Task<List<WaitRow>> ReadAsync(Guid? siteId, CancellationToken ct)
    {
        var waits = await sideBySide.AskAsync<IQueueTable, SiteWait?>(
            async (queue, token) => WaitRow.IsShown(queue) ? await queue.ReadWaitAsync(siteId, token) : null,
            ct
        );
        var now = clock.GetUtcNow().UtcDateTime;
        return [.. waits.OfType<SiteWait>().Where(wait => wait.Waiting > 0).Select(wait => WaitRow.Of(wait, now))];
    }
}
