using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Console.SignIn;

/// <summary>Links that sign somebody in: made by whoever is on the machine, good once and for a quarter of an hour.</summary>
internal sealed class AdminLinks(GatewayDb db, AdminSessions sessions, AuditLog audit, TimeProvider clock)
{
    public const int MaxName = 100;
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    private const int TokenBytes = 24;

    public static string Path(string token) => $"/admin/sign-in/{token}";

    /// <returns>The token for the link, and the row that knows it by its hash.</returns>
    public Task<(string Token, AdminLink Row)> MakeAsync(string name, AdminRoles access, CancellationToken ct) =>
        MakeAsync(name, access, person: null, Lifetime, "cli", ct);

    /// <summary>For somebody who was invited: what they may do once it is used is what is stored of them then.</summary>
    /// <param name="actor">Who makes it, as the audit names them.</param>
    public Task<(string Token, AdminLink Row)> MakeAsync(AdminPerson person, TimeSpan lifetime, string actor, CancellationToken ct) =>
        MakeAsync(person.Address, person.Access, person.Id, lifetime, actor, ct);

    /// <param name="actor">Who makes it, as the audit names them.</param>
    private async Task<(string Token, AdminLink Row)> MakeAsync(
        string name,
        AdminRoles access,
        Guid? person,
        TimeSpan lifetime,
        string actor,
        CancellationToken ct
    )
    {
        var token = Secrets.Random(TokenBytes);
        var now = clock.GetUtcNow().UtcDateTime;
        var link = new AdminLink
        {
            Hash = Secrets.Hash(token),
            Name = name,
            PersonId = person,
            Access = access,
            ExpiresAt = now + lifetime,
        };
        await db.WriteAsync(
            async () =>
            {
                await db.AdminLinks.Where(old => old.ExpiresAt < now).ExecuteDeleteAsync(ct);
                db.AdminLinks.Add(link);
                await db.SaveChangesAsync(ct);
                await audit.RecordAsync(null, actor, "admin.link_made", name, ct);
            },
            ct
        );
        return (token, link);
    }

    /// <returns>How many links for somebody are under way, not used yet. An invitation, which waits for longer, is none.</returns>
    public Task<int> CountOpenAsync(string name, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var soon = now + Lifetime;
        return db.AdminLinks.CountAsync(
            link => link.Name == name && link.UsedAt == null && link.ExpiresAt > now && link.ExpiresAt <= soon,
            ct
        );
    }

    /// <returns>The link while it can still be used; null when it was used, has expired or never was.</returns>
    public async Task<AdminLink?> LookAsync(string token, CancellationToken ct) =>
        await Open(token).AsNoTracking().SingleOrDefaultAsync(ct) is { } link ? await ReadAsync(link, ct) : null;

    /// <summary>Uses the link up and begins a session; of two who press at once one comes too late.</summary>
    /// <param name="before">A session of the same browser, which this one replaces.</param>
    public Task<AdminSession?> UseAsync(string token, Guid? before, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var now = clock.GetUtcNow().UtcDateTime;
                if (await Open(token).ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), ct) == 0)
                {
                    return null;
                }

                var hash = Secrets.Hash(token);
                var link = await ReadAsync(await db.AdminLinks.AsNoTracking().SingleAsync(one => one.Hash == hash, ct), ct);
                return await sessions.BeginAsync(new(link.Name, link.Access, link.PersonId), "link", before, ct);
            },
            ct
        );

    private IQueryable<AdminLink> Open(string token)
    {
        var hash = Secrets.Hash(token);
        var now = clock.GetUtcNow().UtcDateTime;
        var people = db.AdminPeople;
        return db.AdminLinks.Where(link =>
            link.Hash == hash
            && link.UsedAt == null
            && link.ExpiresAt > now
            && (link.PersonId == null || people.Any(person => person.Id == link.PersonId))
        );
    }

    private async Task<AdminLink> ReadAsync(AdminLink link, CancellationToken ct)
    {
        var person = await db.AdminPeople.AsNoTracking().SingleOrDefaultAsync(one => one.Id == link.PersonId, ct);
        link.Access = person?.Access ?? link.Access;
        return link;
    }
}
