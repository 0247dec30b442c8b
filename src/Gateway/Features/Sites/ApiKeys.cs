using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>An API key as it is shown once, when it is made.</summary>
internal sealed record IssuedApiKey(string ClientId, string ClientSecret);

/// <summary>One that was made for something of its own.</summary>
internal sealed record NewApiKey(Guid Id, string Name, IssuedApiKey Issued);

/// <summary>
/// API keys: a client id and a secret that Zapier and scripts exchange for an access token (<see cref="IssueToken"/>). Of the secret only
/// the hash is kept.
/// </summary>
internal sealed class ApiKeys(GatewayDb db, SiteStore sites, TimeProvider clock)
{
    public const int MaxName = 100;

    /// <summary>More than a site has programs that call.</summary>
    public const int MaxPerSite = 50;

    private static readonly TimeSpan Noted = TimeSpan.FromHours(1);

    /// <summary>A site's credentials that work, the newest first.</summary>
    public Task<List<Credential>> LiveAsync(Guid siteId, CancellationToken ct) =>
        db
            .Credentials.AsNoTracking()
            .Where(one => one.SiteId == siteId && one.RevokedAt == null)
            .OrderByDescending(one => one.Id)
            .ToListAsync(ct);

    /// <returns>The key, whose secret is shown only now.</returns>
    /// <param name="name">What it is for.</param>
    /// <param name="scopes">What its tokens may have.</param>
    public async Task<Result<NewApiKey>> AddAsync(Guid siteId, string name, IReadOnlyCollection<string> scopes, CancellationToken ct)
    {
        var called = name.Trim();
        if (called.Length is 0 or > MaxName || called.Any(char.IsControl))
        {
            return Refusal.Invalid("name", $"A key's name has 1 to {MaxName} characters, without control characters.");
        }

        if (scopes.Count == 0 || scopes.Except(Scopes.All).Any())
        {
            return Refusal.Invalid("scopes", $"Choose what the key may do: one or more of {string.Join(", ", Scopes.All)}.");
        }

        return await db.WriteAsync<Result<NewApiKey>>(
            async () =>
            {
                // Keys of one site are added one after the other.
                await sites.LockAsync(siteId, ct);
                var all = db.Credentials.Where(one => one.SiteId == siteId);
                if (await all.CountAsync(one => one.RevokedAt == null, ct) >= MaxPerSite)
                {
                    return new Refusal(RefusalKind.Conflict, "too_many_keys", $"A site can have {MaxPerSite} keys. Revoke one first.");
                }

                var issued = Add(siteId, (await all.MaxAsync(one => (int?)one.Sequence, ct) ?? 0) + 1);
                var row = db.Credentials.Local.Single(one => one.ClientId == issued.ClientId);
                (row.Name, row.Scopes) = (called, string.Join(' ', Scopes.All.Intersect(scopes)));
                await db.SaveChangesAsync(ct);
                return new NewApiKey(row.Id, called, issued);
            },
            ct
        );
    }

    /// <summary>No new token is made with it; those that were made end within the hour.</summary>
    /// <returns>False when the site has no such API key that works.</returns>
    public Task<bool> RevokeAsync(Guid siteId, Guid keyId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return db.WriteAsync(
            async () =>
                await db
                    .Credentials.Where(one =>
                        one.Id == keyId && one.SiteId == siteId && one.Kind == CredentialKind.Api && one.RevokedAt == null
                    )
                    .ExecuteUpdateAsync(set => set.SetProperty(one => one.RevokedAt, (DateTime?)now), ct) > 0,
            ct
        );
    }

    /// <summary>Notes that a token was made with it, at most once an hour.</summary>
    public async Task NoteUseAsync(Credential key, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (key.LastUsedAt is null || key.LastUsedAt < now - Noted)
        {
            await db.WriteAsync(
                () =>
                    db
                        .Credentials.Where(one => one.Id == key.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.LastUsedAt, (DateTime?)now), ct),
                ct
            );
        }
    }

    /// <summary>Adds one to the caller's transaction.</summary>
    /// <param name="sequence">Counts the rotations of a site: the order of its secrets, whatever the clock says.</param>
    public IssuedApiKey Add(Guid siteId, int sequence)
    {
        var now = clock.GetUtcNow();
        var key = new IssuedApiKey("gwi_" + Secrets.Random(16), "gwx_" + Secrets.Random(32));
        db.Credentials.Add(
            new()
            {
                Id = Guid.CreateVersion7(now),
                SiteId = siteId,
                Kind = CredentialKind.Api,
                Sequence = sequence,
                ClientId = key.ClientId,
                SecretHash = Secrets.Hash(key.ClientSecret),
                CreatedAt = now.UtcDateTime,
            }
        );
        return key;
    }
}
