using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

/// <summary>
/// The worker of held connections: when one may be tried again it wakes one row that waits for it, and it says once that a connection is
/// held, reminds once a day, and says once that it works again.
/// </summary>
internal sealed partial class WatchOutages(
    GatewayDb db,
    Leases leases,
    IEnumerable<IHeldRows> rows,
    IEnumerable<IOutageListener> listeners,
    TimeProvider clock,
    ILogger<WatchOutages> logger
) : IQueueWorker
{
    /// <summary>One at a time, so that no two transactions want several of them in different orders.</summary>
    private const int Batch = 1;

    /// <summary>After this time a row that was woken, and had no need of the connection any more, is followed by another.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Reminder = TimeSpan.FromDays(1);

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Outage>(ct);

    /// <summary>It only writes rows, so a crash undoes all of it.</summary>
    public Task<int> RunBatchAsync(CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                db.ChangeTracker.Clear();
                var due = await leases.TakeForGoodAsync<Outage>(Batch, ct);
                foreach (var outage in await db.Outages.Where(one => due.Contains(one.Id)).ToListAsync(ct))
                {
                    await LookAsync(outage, ct);
                }

                await db.SaveChangesAsync(ct);
                return due.Count;
            },
            ct
        );

    private async Task LookAsync(Outage outage, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (outage.EndedAt is not null)
        {
            await EndAsync(outage, ct);
            return;
        }

        await AnnounceAsync(outage, now, ct);
        if (outage.ProbeAt <= now)
        {
            await Held(outage).WakeOneAsync(outage.Connection, ct);
        }

        var next = outage.ProbeAt <= now ? now + Soon : outage.ProbeAt;
        outage.DueAt = outage.AnnounceAt > now && outage.AnnounceAt < next ? outage.AnnounceAt : next;
    }

    /// <summary>
    /// The first time, once a day, and whenever a site that has not heard of it has something that waits. What nothing waits for is
    /// nobody's news, unless things go another way instead.
    /// </summary>
    private async Task AnnounceAsync(Outage outage, DateTime now, CancellationToken ct)
    {
        var heard = Ids(outage.Announced);
        var isDue = outage.AnnounceAt <= now;
        if (!isDue && heard.Count == 0)
        {
            return;
        }

        var waiting = await Held(outage).CountBySiteAsync(outage.Connection, ct);
        if (outage is { IsBypassed: true, SiteId: { } site })
        {
            waiting.TryAdd(site, 0);
        }

        var fresh = waiting.Where(one => !heard.Contains(one.Key)).ToDictionary();
        if (fresh.Count > 0)
        {
            await SayAsync(outage, OutageNews.Began, fresh, ct);
        }

        if (heard.Count == 0)
        {
            // Until something waits, its first announcement stays due.
            if (fresh.Count > 0)
            {
                LogHeld(outage.Connection, outage.Reason, waiting.Values.Sum());
                outage.AnnounceAt = now + Reminder;
            }
        }
        else if (isDue)
        {
            await SayAsync(outage, OutageNews.Continues, heard.ToDictionary(id => id, id => waiting.GetValueOrDefault(id)), ct);
            outage.AnnounceAt = now + Reminder;
        }

        outage.Announced = string.Join(',', heard.Union(fresh.Keys).Select(id => id.ToString("N")));
    }

    private async Task EndAsync(Outage outage, CancellationToken ct)
    {
        var heard = Ids(outage.Announced);
        if (heard.Count > 0)
        {
            await SayAsync(outage, OutageNews.Ended, heard.ToDictionary(id => id, _ => 0), ct);
            LogEnded(outage.Connection);
        }

        (outage.Announced, outage.WasAnnounced) = ("", heard.Count > 0);
    }

    private async Task SayAsync(Outage outage, OutageNews news, Dictionary<Guid, int> waiting, CancellationToken ct)
    {
        var announcement = new OutageAnnouncement(outage, news, waiting, await IsRepeatedAsync(outage, news, ct));
        foreach (var listener in listeners)
        {
            await listener.AnnounceAsync(announcement, ct);
        }
    }

    /// <summary>The first of those that are alike says that it began, the oldest reminds, and the last says that it ended.</summary>
    private Task<bool> IsRepeatedAsync(Outage outage, OutageNews news, CancellationToken ct) =>
        db.Outages.AnyAsync(
            other =>
                other.Id != outage.Id
                && other.Queue == outage.Queue
                && other.Code == outage.Code
                && other.Reason == outage.Reason
                && other.EndedAt == null
                && other.Announced != ""
                && (news != OutageNews.Continues || other.Since < outage.Since),
            ct
        );

    private IHeldRows Held(Outage outage) => rows.Single(one => one.Queue == outage.Queue);

    private static HashSet<Guid> Ids(string list) => [.. list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];

    [LoggerMessage(LogLevel.Error, "The connection {Connection} is held, and {Waiting} wait for it: {Reason}")]
    private partial void LogHeld(string connection, string reason, int waiting);

    [LoggerMessage(LogLevel.Information, "The connection {Connection} works again")]
    private partial void LogEnded(string connection);
}
