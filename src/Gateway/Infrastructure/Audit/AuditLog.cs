using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Audit;

/// <param name="Actor"><c>cli</c>, the client id of an API key, or <c>admin:</c> and the name of who is signed in.</param>
/// <param name="Action">Such as <c>key.rotated</c>.</param>
/// <param name="Subject">The id of the row that was changed.</param>
/// <param name="Reason"><see cref="AuditEntry.Reason"/>; null where nobody was asked.</param>
internal sealed record AuditedChange(Guid? SiteId, string Actor, string Action, string? Subject, string? Reason = null);

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
                    await RecordAsync(done.SiteId, done.Actor, done.Action, done.Subject, ct, done.Reason);
                }

                return outcome;
            },
            ct
        );

    /// <summary>Records a change inside the caller's transaction.</summary>
    /// <param name="reason"><see cref="AuditEntry.Reason"/>; null where nobody was asked.</param>
    /// <inheritdoc cref="AuditedChange"/>
    public Task RecordAsync(Guid? siteId, string actor, string action, string? subject, CancellationToken ct, string? reason = null) =>
        db.InsertNewAsync(
            [
                new AuditEntry
                {
                    Id = Guid.CreateVersion7(clock.GetUtcNow()),
                    SiteId = siteId,
                    Actor = actor,
                    Action = action,
                    Subject = subject,
                    Reason = reason,
                    OccurredAt = clock.GetUtcNow().UtcDateTime,
                },
            ],
            ct
        );

    /// <summary>Empties the reasons at a site that are about somebody, inside the caller's transaction. The entries stay.</summary>
    /// <param name="subjects">The ids of what is known of them.</param>
    /// <param name="texts">What names them wherever it stands.</param>
    /// <returns>How many reasons those were.</returns>
    public async Task<int> ForgetReasonsAsync(
        Guid siteId,
        IReadOnlyCollection<string> subjects,
        IReadOnlyCollection<string> texts,
        CancellationToken ct
    )
    {
        var given = await db
            .Audit.AsNoTracking()
            .Where(entry => entry.SiteId == siteId && entry.Reason != null)
            .Select(entry => new
            {
                entry.Id,
                entry.Subject,
                entry.Reason,
            })
            .ToListAsync(ct);
        var theirs = given
            .Where(one =>
                (one.Subject is { } subject && subjects.Contains(subject))
                || texts.Any(text => one.Reason!.Contains(text, StringComparison.OrdinalIgnoreCase))
            )
            .Select(one => one.Id)
            .ToList();
        return theirs.Count == 0
            ? 0
            : await db
                .Audit.Where(entry => theirs.Contains(entry.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(entry => entry.Reason, (string?)null), ct);
    }
}
