using Gateway.Infrastructure.Data;

namespace Gateway.Infrastructure.Audit;

/// <param name="Actor"><c>cli</c>, the client id of an API key, or <c>admin:</c> and the name of who is signed in.</param>
/// <param name="Action">Such as <c>key.rotated</c>.</param>
/// <param name="Subject">The id of the row that was changed.</param>
internal sealed record AuditedChange(Guid? SiteId, string Actor, string Action, string? Subject);

/// <summary>Writes down who changed what, always in the transaction of the change: neither is there without the other.</summary>
internal sealed class AuditLog(GatewayDb db, TimeProvider clock)
{
    /// <summary>Makes a change and records it in one transaction.</summary>
    /// <param name="change">Makes it; like all such work it may run again after a deadlock.</param>
    /// <param name="recorded">What to record of its outcome; null when nothing was changed.</param>
    public Task<T> RecordAsync<T>(Func<Task<T>> change, Func<T, AuditedChange?> recorded, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var outcome = await change();
                if (recorded(outcome) is { } done)
                {
                    await RecordAsync(done.SiteId, done.Actor, done.Action, done.Subject, ct);
                }

                return outcome;
            },
            ct
        );

    /// <summary>Records a change inside the caller's transaction.</summary>
    /// <inheritdoc cref="AuditedChange"/>
    public Task RecordAsync(Guid? siteId, string actor, string action, string? subject, CancellationToken ct) =>
        db.InsertNewAsync(
            [
                new AuditEntry
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    SiteId = siteId,
                    Actor = actor,
                    Action = action,
                    Subject = subject,
                    OccurredAt = clock.GetUtcNow().UtcDateTime,
                },
            ],
            ct
        );
}
