using System.Buffers.Text;
using System.Text;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites.Connecting;

/// <param name="ConnectionKey">What the plugin keeps; it is known to nobody else.</param>
/// <param name="Site">The site's public id.</param>
internal sealed record ConnectedSite(string ConnectionKey, string Site);

/// <summary>
/// Codes by which a plugin gets the connection key of a site. A code passes through a browser and its history, so it is worth nothing
/// without what only the plugin knows, works once, and not for long.
/// </summary>
internal sealed class ConnectCodes(GatewayDb db, SiteCredentials credentials, AuditLog audit, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private const int CodeBytes = 32;

    /// <param name="actor">Who pressed the button; whether they may, the caller has asked.</param>
    /// <returns>The code, which is known here only by its hash.</returns>
    public async Task<string> MakeAsync(ConnectRequest request, Guid siteId, string actor, CancellationToken ct)
    {
        var code = Secrets.Random(CodeBytes);
        var now = clock.GetUtcNow().UtcDateTime;
        var row = new ConnectCode
        {
            Hash = Secrets.Hash(code),
            SiteId = siteId,
            RedirectUri = request.RedirectUri.AbsoluteUri,
            Challenge = request.Challenge,
            Actor = actor,
            ExpiresAt = now + Lifetime,
        };
        await db.WriteAsync(
            async () =>
            {
                await db.ConnectCodes.Where(old => old.ExpiresAt < now).ExecuteDeleteAsync(ct);
                await db.InsertNewAsync([row], ct);
                await audit.RecordAsync(siteId, actor, "site.connect_allowed", PublicId.Format(PublicId.Site, siteId), ct);
            },
            ct
        );
        return code;
    }

    /// <summary>
    /// Uses the code up, whoever comes with it, and gives the key only to who knows the rest. A code that was used before is refused and
    /// ends nothing: who found it in a history can do no more with it than before.
    /// </summary>
    public Task<Result<ConnectedSite>> ExchangeAsync(string code, string redirectUri, string verifier, CancellationToken ct) =>
        db.WriteAsync<Result<ConnectedSite>>(
            async () =>
            {
                db.ChangeTracker.Clear();
                var hash = Secrets.Hash(code);
                var now = clock.GetUtcNow().UtcDateTime;
                var mine = db.ConnectCodes.Where(one => one.Hash == hash);
                if (
                    await mine.Where(one => one.UsedAt == null && one.ExpiresAt > now)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.UsedAt, now), ct) == 0
                )
                {
                    return Refused;
                }

                var row = await mine.AsNoTracking().SingleAsync(ct);
                if (!Same(row.Challenge, ChallengeOf(verifier)) || !Same(row.RedirectUri, Written(redirectUri)))
                {
                    return Refused;
                }

                var key = await credentials.AddConnectionKeyAsync(row.SiteId, ct);
                var site = PublicId.Format(PublicId.Site, row.SiteId);
                await audit.RecordAsync(row.SiteId, row.Actor, "site.connected", site, ct);
                return new ConnectedSite(key, site);
            },
            ct
        );

    /// <summary>Takes back codes that were not exchanged yet, inside the caller's transaction.</summary>
    /// <param name="actors">Those who pressed the button; null for everybody.</param>
    public Task<int> WithdrawAsync(IReadOnlyCollection<string>? actors, CancellationToken ct) =>
        db.ConnectCodes.Where(one => one.UsedAt == null && (actors == null || actors.Contains(one.Actor))).ExecuteDeleteAsync(ct);

    /// <summary>S256 of RFC 7636, section 4.2.</summary>
    private static string ChallengeOf(string verifier) => Base64Url.EncodeToString(Secrets.Hash(verifier));

    private static string Written(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var url) ? url.AbsoluteUri : "";

    private static bool Same(string left, string right) => Secrets.Same(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));

    /// <summary>The same for every reason, so that nobody learns how near they came.</summary>
    private static Refusal Refused =>
        new(
            RefusalKind.Invalid,
            "invalid_grant",
            "This code is unknown, was used, is older than 10 minutes, or belongs to another WordPress. Press Connect there once more."
        );
}
