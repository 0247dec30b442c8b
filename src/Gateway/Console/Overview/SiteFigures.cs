using Gateway.Features.Mail;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Console.Overview;

/// <summary>How a site is doing.</summary>
/// <param name="Waiting">Rows of the queues that somebody waits for (<see cref="WaitRow"/>).</param>
/// <param name="Failed">Those that stand until somebody decides.</param>
/// <param name="SentToday">Mails and SMS handed over since midnight, UTC.</param>
/// <param name="Mails">What became of mails of the last seven days.</param>
/// <param name="Thresholds">Limits of providers that are reached.</param>
internal sealed record SiteFigure(int Waiting, int Failed, int SentToday, RateSum Mails, IReadOnlyList<ThresholdFigures> Thresholds);

/// <summary>Counts for the overview. Each stops at a number that is an alarm in any case.</summary>
internal sealed class SiteFigures(SideBySide sideBySide, MessageStore messages, SmsStore sms, SiteRates rates, TimeProvider clock)
{
    /// <returns>By site; a site without rows is not in it.</returns>
    public async Task<IReadOnlyDictionary<Guid, SiteFigure>> ReadAsync(CancellationToken ct)
    {
        var midnight = clock.GetUtcNow().UtcDateTime.Date;
        Dictionary<Guid, int> waiting = [],
            failed = [],
            sent = [];
        Add(
            waiting,
            await sideBySide.AskAsync<IQueueTable, Dictionary<Guid, int>>(
                async (queue, token) => WaitRow.IsShown(queue) ? await queue.CountWaitingBySiteAsync(token) : [],
                ct
            )
        );
        Add(failed, await sideBySide.AskAsync<IFailedItems, Dictionary<Guid, int>>((queue, token) => queue.CountBySiteAsync(token), ct));
        Add(sent, await messages.CountSentBySiteAsync(midnight, QueueDepth.MaxCounted, ct));
        Add(sent, await sms.CountSentBySiteAsync(midnight, QueueDepth.MaxCounted, ct));
        var mails = await rates.RecentAsync(ct);
        var thresholds = await rates.ThresholdsAsync(sites: null, ct);
        return waiting
            .Keys.Union(failed.Keys)
            .Union(sent.Keys)
            .Union(mails.Select(site => site.Key))
            .ToDictionary(
                site => site,
                site => new SiteFigure(
                    waiting.GetValueOrDefault(site),
                    failed.GetValueOrDefault(site),
                    sent.GetValueOrDefault(site),
                    RateSum.Of(site, PublishedLimits.Everybody, PublishedLimits.Everybody, [.. mails[site]]),
                    [.. thresholds[site]]
                )
            );
    }

    /// <returns>Mails and SMS of one site handed over since midnight, UTC.</returns>
    public async Task<int> CountSentTodayAsync(Guid siteId, CancellationToken ct)
    {
        var midnight = clock.GetUtcNow().UtcDateTime.Date;
        var mails = await messages.CountSentBySiteAsync(midnight, QueueDepth.MaxCounted, ct);
        var texts = await sms.CountSentBySiteAsync(midnight, QueueDepth.MaxCounted, ct);
        return mails.GetValueOrDefault(siteId) + texts.GetValueOrDefault(siteId);
    }

    private static void Add(Dictionary<Guid, int> sums, params Dictionary<Guid, int>[] counts)
    {
        foreach (var (site, count) in counts.SelectMany(some => some))
        {
            sums[site] = sums.GetValueOrDefault(site) + count;
        }
    }
}
