using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sites;

/// <summary>
/// The worker that deletes what is settled and older than its site keeps it, table by table in small bites. What waits or failed stays,
/// however old; so do contacts, requests to confirm, the ledger of consent, and suppressions.
/// </summary>
internal sealed class DeleteSettled(
    SiteStore sites,
    IEnumerable<ISettledRows> tables,
    SettledPass pass,
    IOptions<RetentionOptions> options,
    TimeProvider clock
) : IQueueWorker
{
    /// <summary>Rows in one transaction: some ten milliseconds of work.</summary>
    private const int Bite = 500;

    /// <summary>In which others write.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan BetweenPasses = TimeSpan.FromHours(6);

    /// <summary>Takes one bite.</summary>
    /// <returns>Always 0, so that there is a pause before the next.</returns>
    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (now < pass.NextAt)
        {
            return 0;
        }

        var all = tables.ToList();
        if (pass.Table >= all.Count)
        {
            pass.Begin(now + BetweenPasses);
            return 0;
        }

        var days = (await sites.ListAsync(null, ct)).ToDictionary(site => site.Id, site => site.KeepDays ?? options.Value.Days);
        DateTime KeptSince(int kept) => now - TimeSpan.FromDays(kept);
        var bite = await all[pass.Table]
            .DeleteAsync(
                pass.After,
                site => KeptSince(days.GetValueOrDefault(site, options.Value.Days)),
                KeptSince(days.Values.Append(options.Value.Days).Min()),
                Bite,
                ct
            );
        pass.GoOn(bite, now + Pause);
        return 0;
    }

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => Task.FromResult<DateTime?>(pass.NextAt);
}

/// <summary>
/// How far this process has come. It is nowhere else: a pass that begins anew finds what is left, and two processes at once find it gone.
/// </summary>
internal sealed class SettledPass(TimeProvider clock)
{
    /// <summary>A start has other things to do.</summary>
    private static readonly TimeSpan AfterStart = TimeSpan.FromMinutes(5);

    public DateTime NextAt { get; private set; } = clock.GetUtcNow().UtcDateTime + AfterStart;

    /// <summary>The number of the table it is at.</summary>
    public int Table { get; private set; }

    public Guid After { get; private set; }

    /// <summary>How many rows this pass has deleted.</summary>
    public int Deleted { get; private set; }

    public void Begin(DateTime at) => (NextAt, Table, After, Deleted) = (at, 0, default, 0);

    /// <param name="bite">Null when the table has no more.</param>
    public void GoOn(SettledBite? bite, DateTime at) =>
        (NextAt, Table, After, Deleted) = bite is null
            ? (at, Table + 1, default, Deleted)
            : (at, Table, bite.Last, Deleted + bite.Deleted);
}
