using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Overview;

/// <summary>What waits in a queue, and for how long. Public, like the components, because Razor makes them so.</summary>
/// <param name="What">In a word or two.</param>
/// <param name="For">How long the oldest is overdue, in words; null when nothing is late.</param>
/// <param name="IsLate">Whether it waits longer than it should.</param>
public sealed record WaitRow(string What, int Count, string? For, bool IsLate)
{
    /// <summary>A worker takes what is due within seconds; whoever waits so long waits for something.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(5);

    internal static bool IsShown(IQueueTable queue) => NameOf(queue.Queue) is not null;

    /// <returns>A queue in a few words; null for one of the gateway's own.</returns>
    /// <remarks>Work that somebody waits for; expiry and the fan-out of events are the gateway's own.</remarks>
    internal static string? NameOf(string queue) =>
        queue switch
        {
            "submissions" => T("Submissions to be understood"),
            "mail" => T("Emails to be sent"),
            "sms" => T("SMS to be sent"),
            "lists" => T("Changes of lists for their providers"),
            "deliveries" => T("Calls to hooks"),
            "imports" => T("Imports"),
            _ => null,
        };

    internal static WaitRow Of(SiteWait wait, DateTime now)
    {
        var late = now - wait.OldestDue;
        return new(NameOf(wait.Queue)!, wait.Waiting, late > TimeSpan.FromSeconds(1) ? WordsOf(late.Value) : null, late > Late);
    }

    private static string WordsOf(TimeSpan time) =>
        time switch
        {
            { TotalDays: >= 2 } => T($"{(int)time.TotalDays} days"),
            { TotalHours: >= 2 } => T($"{(int)time.TotalHours} hours"),
            { TotalMinutes: >= 2 } => T($"{(int)time.TotalMinutes} minutes"),
            _ => T($"{(int)time.TotalSeconds} seconds"),
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
