using Gateway.Infrastructure.Data;

namespace Gateway.Features.Operations;

/// <summary>Writes down who changed what.</summary>
internal sealed class AuditLog(GatewayDb db, TimeProvider clock)
{
    /// <param name="actor"><c>cli</c>, or the client id of an API key.</param>
    public Task WriteAsync(Guid? siteId, string actor, string action, string? subject, CancellationToken ct) => db.WriteAsync(
        () => db.InsertNewAsync(
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
            ct),
        ct);
}
