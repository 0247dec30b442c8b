using System.Linq.Expressions;
using Gateway.Features.Hooks;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Operations.Telemetry;

/// <param name="Waiting">Rows that wait or are being worked on, counted up to <see cref="QueueDepths.MostCounted"/>.</param>
/// <param name="OldestDue">How long the oldest due row has been due; nothing when none is.</param>
/// <param name="Failed">Rows that stand until somebody replays them.</param>
internal sealed record QueueDepth(string Queue, int Waiting, TimeSpan OldestDue, int? Failed);

/// <param name="Pending">Subscriptions that wait for their confirmation.</param>
internal sealed record QueueReading(IReadOnlyList<QueueDepth> Queues, int Pending);

/// <summary>Reads how much waits. Every number comes from an index that holds just the rows that count, so it stays cheap beside millions of settled rows.</summary>
internal sealed class QueueDepths(GatewayDb db, TimeProvider clock)
{
    /// <summary>A heap this high is an alarm whatever its height, and counting on would cost more the worse it gets.</summary>
    public const int MostCounted = 100_000;

    public async Task<QueueReading> ReadAsync(CancellationToken ct) => new(
        [
            await ReadAsync(db.Submissions, "submissions", row => row.FailureCode != null, ct),
            await ReadAsync(db.Messages, "mail", row => row.State == MessageState.Failed, ct),
            await ReadAsync(db.ListSyncs, "lists", row => row.Failure != null && row.DueAt == null, ct),
            await ReadAsync(db.Sms, "sms", row => row.State == SmsState.Failed || row.State == SmsState.Unknown, ct),
            await ReadAsync(db.OptInRequests, "expiry", null, ct),
            await ReadAsync(db.Events, "events", null, ct),
            await ReadAsync(db.Deliveries, "deliveries", row => row.State == DeliveryState.Failed, ct),
        ],
        // Site by site, as the index (site, state) is made for.
        await db.Sites.SumAsync(site => db.Subscriptions.Count(row => row.SiteId == site.Id && row.State == SubscriptionState.Pending), ct));

    private async Task<QueueDepth> ReadAsync<T>(DbSet<T> rows, string queue, Expression<Func<T, bool>>? failed, CancellationToken ct)
        where T : class, IQueued
    {
        var waiting = rows.Where(row => row.DueAt != null);
        var now = clock.GetUtcNow().UtcDateTime;
        var oldest = await waiting.MinAsync(row => row.DueAt, ct);
        return new(
            queue,
            await waiting.OrderBy(row => row.DueAt).Take(MostCounted).CountAsync(ct),
            oldest < now ? now - oldest.Value : TimeSpan.Zero,
            failed is null ? null : await rows.Where(failed).CountAsync(ct));
    }
}
