using Gateway.Infrastructure.Data;

namespace Gateway.Infrastructure.Audit;

/// <summary>Writes down who changed what.</summary>
internal sealed class AuditLog(GatewayDb db, TimeProvider clock)
{
    /// <param name="actor"><c>cli</c>, the client id of an API key, or <c>admin:</c> and the name of who is signed in.</param>
    public Task WriteAsync(Guid? siteId, string actor, string action, string? subject, CancellationToken ct) =>
        db.WriteAsync(() => RecordAsync(siteId, actor, action, subject, ct), ct);

    /// <summary>The same as a part of a transaction that is under way.</summary>
    public Task RecordAsync(Guid? siteId, string actor, string action, string? subject, CancellationToken ct) => db.InsertNewAsync(
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
        ct);
}
