using Gateway.Features.Sites.Connecting;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Console.SignIn;

/// <summary>Who is signed in.</summary>
internal sealed class AdminSessions(GatewayDb db, ConnectCodes codes, AuditLog audit, TimeProvider clock)
{
    /// <summary>A day of work; idle sessions end earlier, with their cookie.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>Begins a session inside the transaction of its caller.</summary>
    /// <param name="before">A session of the same browser, which this one replaces.</param>
    public async Task<AdminSession> BeginAsync(string name, AdminRoles access, string means, Guid? before, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var session = new AdminSession
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            Access = access,
            Means = means,
            StartedAt = now.UtcDateTime,
            EndsAt = (now + Longest).UtcDateTime,
        };
        var longAgo = (now - Kept).UtcDateTime;
        await db.AdminSessions.Where(old => old.EndsAt < longAgo).ExecuteDeleteAsync(ct);
        await EndRowsAsync(db.AdminSessions.Where(old => old.Id == before), ct);
        db.AdminSessions.Add(session);
        await db.SaveChangesAsync(ct);
        await audit.RecordAsync(null, Actor(name), "admin.signed_in", PublicId.Format(PublicId.AdminSession, session.Id), ct);
        return session;
    }

    /// <returns>Null when it ended, by itself or by somebody's hand.</returns>
    public Task<AdminSession?> FindAsync(Guid id, CancellationToken ct) => Open().SingleOrDefaultAsync(session => session.Id == id, ct);

    public Task<List<AdminSession>> ListAsync(CancellationToken ct) => Open().OrderBy(session => session.Id).ToListAsync(ct);

    /// <summary>Ends all sessions of somebody but the one they ask from.</summary>
    /// <returns>How many ended.</returns>
    public Task<int> SignOutElsewhereAsync(AdminUser user, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var ended = await EndRowsAsync(Open().Where(one => one.Name == user.Name && one.Id != user.Session), ct);

                // Whoever sits there may have let a WordPress connect a moment ago.
                await codes.WithdrawAsync([user.Actor], ct);
                if (ended > 0)
                {
                    await audit.RecordAsync(
                        null,
                        user.Actor,
                        "admin.signed_out_elsewhere",
                        PublicId.Format(PublicId.AdminSession, user.Session),
                        ct
                    );
                }

                return ended;
            },
            ct
        );

    /// <returns>Those of the sessions that have not ended.</returns>
    public Task<List<Guid>> OpenAmongAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        Open().Where(session => ids.Contains(session.Id)).Select(session => session.Id).ToListAsync(ct);

    public Task SignOutAsync(AdminUser user, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                await EndRowsAsync(db.AdminSessions.Where(session => session.Id == user.Session), ct);
                await codes.WithdrawAsync([user.Actor], ct);
                await audit.RecordAsync(null, user.Actor, "admin.signed_out", PublicId.Format(PublicId.AdminSession, user.Session), ct);
            },
            ct
        );

    /// <summary>Ends sessions, and links and codes that were not used yet.</summary>
    /// <param name="who">A session's id, <c>ses_…</c>, or somebody's name; null is everybody.</param>
    /// <returns>How many ended.</returns>
    public Task<int> RevokeAsync(string? who, CancellationToken ct) => RevokeAsync(who, "cli", ct);

    /// <param name="actor">Who ends them, as the audit names them.</param>
    /// <inheritdoc cref="RevokeAsync(string?, CancellationToken)"/>
    public Task<int> RevokeAsync(string? who, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var id = PublicId.Parse(PublicId.AdminSession, who);
                var theirs = Open().Where(session => who == null || session.Id == id || session.Name == who);
                var names = await theirs.Select(session => session.Name).Distinct().ToListAsync(ct);

                // What they allowed a WordPress a moment ago does not outlive them.
                var ended =
                    await codes.WithdrawAsync(who is null ? null : [.. names.Append(who).Select(Actor)], ct)
                    + await EndRowsAsync(theirs, ct)
                    + await db.AdminLinks.Where(link => link.UsedAt == null && (who == null || link.Name == who)).ExecuteDeleteAsync(ct);
                if (ended > 0)
                {
                    await audit.RecordAsync(null, actor, "admin.revoked", who ?? "everybody", ct);
                }

                return ended;
            },
            ct
        );

    /// <summary>How the audit names somebody who is signed in.</summary>
    public static string Actor(string name) => "admin:" + name;

    private IQueryable<AdminSession> Open()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.AdminSessions.AsNoTracking().Where(session => session.EndedAt == null && session.EndsAt > now);
    }

    private Task<int> EndRowsAsync(IQueryable<AdminSession> sessions, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return sessions
            .Where(session => session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), ct);
    }
}
