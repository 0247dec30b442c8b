using Gateway.Features.Sites.Connecting;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary>Somebody who signs in.</summary>
/// <param name="Access"><see cref="AdminSession.Access"/>.</param>
/// <param name="PersonId"><see cref="AdminSession.PersonId"/>.</param>
/// <param name="Subject"><see cref="AdminSession.Subject"/>.</param>
internal sealed record NewSession(string Name, AdminRoles Access, Guid? PersonId = null, string? Subject = null);

/// <summary>Who is signed in.</summary>
internal sealed class AdminSessions(GatewayDb db, ConnectCodes codes, AuditLog audit, IOptions<AdminOptions> options, TimeProvider clock)
{
    /// <summary>At an issuer groups are read at the sign-in alone, so whoever leaves one is out after a day.</summary>
    public static readonly TimeSpan LongestAtIssuer = TimeSpan.FromHours(24);

    public const string AtIssuer = "oidc";
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    /// <summary>
    /// Begins a session inside the transaction of its caller. Whoever signs in again where they are signed in goes on with their session,
    /// so that what lies open in other windows can still be sent.
    /// </summary>
    /// <param name="user">Who signs in: a name, and what they may do.</param>
    /// <param name="before">A session of the same browser; one of somebody else ends.</param>
    public async Task<AdminSession> BeginAsync(NewSession user, string means, Guid? before, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var longest = TimeSpan.FromDays(options.Value.SessionDays);
        var endsAt = (now + (means == AtIssuer && LongestAtIssuer < longest ? LongestAtIssuer : longest)).UtcDateTime;
        if (await GoOnAsync(user, before, endsAt, ct) is { } same)
        {
            return same;
        }

        var session = new AdminSession
        {
            Id = Guid.CreateVersion7(now),
            Name = user.Name,
            PersonId = user.PersonId,
            Subject = user.Subject,
            Access = user.Access,
            Means = means,
            StartedAt = now.UtcDateTime,
            EndsAt = endsAt,
        };
        var longAgo = (now - Kept).UtcDateTime;
        await db.AdminSessions.Where(old => old.EndsAt < longAgo).ExecuteDeleteAsync(ct);
        await EndRowsAsync(db.AdminSessions.Where(old => old.Id == before), ct);
        db.AdminSessions.Add(session);
        await db.SaveChangesAsync(ct);
        await audit.RecordAsync(null, session.Actor, "admin.signed_in", PublicId.Format(PublicId.AdminSession, session.Id), ct);
        return session;
    }

    /// <returns>Null where nobody was signed in, or somebody else, or with other rights.</returns>
    private async Task<AdminSession?> GoOnAsync(NewSession user, Guid? before, DateTime endsAt, CancellationToken ct)
    {
        if (
            before is not { } id
            || await FindAsync(id, ct) is not { } session
            || (session.PersonId, session.Subject, session.Name) != (user.PersonId, user.Subject, user.Name)
            || session.Access.ToText() != user.Access.ToText()
        )
        {
            return null;
        }

        session.EndsAt = endsAt;
        var isOpen = await db
            .AdminSessions.Where(one => one.Id == id && one.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.EndsAt, endsAt), ct);
        if (isOpen == 0)
        {
            return null;
        }

        await audit.RecordAsync(null, session.Actor, "admin.signed_in_again", PublicId.Format(PublicId.AdminSession, id), ct);
        return session;
    }

    /// <returns>Null when it ended, by itself or by somebody's hand.</returns>
    public async Task<AdminSession?> FindAsync(Guid id, CancellationToken ct) =>
        (await ReadAsync(Open().Where(session => session.Id == id), ct)).SingleOrDefault();

    public Task<List<AdminSession>> ListAsync(CancellationToken ct) => ReadAsync(Open(), ct);

    /// <returns>Where somebody is signed in.</returns>
    public Task<List<AdminSession>> ListAsync(AdminUser user, CancellationToken ct) => ReadAsync(Of(user), ct);

    /// <summary>Ends all sessions of somebody but the one they ask from.</summary>
    /// <returns>How many ended.</returns>
    public Task<int> SignOutElsewhereAsync(AdminUser user, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var ended = await EndRowsAsync(Of(user).Where(one => one.Id != user.Session), ct);

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

                // Links first: whoever uses one at this moment holds its row, and is signed in once it is free.
                var ended = await db
                    .AdminLinks.Where(link => link.UsedAt == null && (who == null || link.Name == who))
                    .ExecuteDeleteAsync(ct);

                // What they allowed a WordPress a moment ago does not outlive them.
                var actors = (await theirs.ToListAsync(ct)).ConvertAll(session => session.Actor);
                ended +=
                    await codes.WithdrawAsync(who is null ? null : [.. actors.Append(Actor(who)).Distinct()], ct)
                    + await EndRowsAsync(theirs, ct);
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

    /// <summary>Those of somebody who was removed are none, whenever they began.</summary>
    private IQueryable<AdminSession> Open()
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var people = db.AdminPeople;
        return db
            .AdminSessions.AsNoTracking()
            .Where(session =>
                session.EndedAt == null
                && session.EndsAt > now
                && (session.PersonId == null || people.Any(person => person.Id == session.PersonId))
            );
    }

    private IQueryable<AdminSession> Of(AdminUser user) =>
        Open()
            .Where(session =>
                session.PersonId == user.PersonId
                && session.Subject == user.Subject
                && (user.Subject != null || session.Name == user.Name)
            );

    /// <summary>What somebody who was invited may do is read where it is kept, and not from the day on which they signed in.</summary>
    private async Task<List<AdminSession>> ReadAsync(IQueryable<AdminSession> sessions, CancellationToken ct)
    {
        var read = await (
            from session in sessions
            join person in db.AdminPeople on session.PersonId equals (Guid?)person.Id into known
            from person in known.DefaultIfEmpty()
            orderby session.Id
            select new { session, person }
        ).ToListAsync(ct);
        return read.ConvertAll(one =>
        {
            one.session.Access = one.person?.Access ?? one.session.Access;
            return one.session;
        });
    }

    private Task<int> EndRowsAsync(IQueryable<AdminSession> sessions, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return sessions
            .Where(session => session.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.EndedAt, now), ct);
    }
}
