using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail;

/// <summary>
/// What a site's mails leave by, in order: its connections, and the installation's transport. The next way is taken only where the one
/// before has certainly not taken a mail, and not because of its recipient.
/// </summary>
internal sealed class MailRoute(SiteStore sites, ConnectionStore connections, MailTransports transports, AuditLog audit)
{
    /// <summary>The installation's transport, as a route names it.</summary>
    public const string Installation = "installation";

    private const int Max = 5;

    /// <param name="route">As <see cref="Site.MailRoute"/> holds it.</param>
    /// <returns>The connections in order; null in the place of the installation's transport. None where the route is null.</returns>
    public static IReadOnlyList<Guid?> Read(string? route) =>
        [.. (route ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(way => PublicId.Parse(PublicId.Connection, way))];

    /// <summary>Gives a site another route and records it.</summary>
    /// <param name="ways">Connections (<c>conn_…</c>) and <see cref="Installation"/>; none is what it is without a route.</param>
    /// <param name="actor">As <see cref="AuditEntry.Actor"/>.</param>
    public async Task<Result<Site>> SetAsync(Guid siteId, IReadOnlyList<string> ways, string actor, CancellationToken ct)
    {
        if (await ErrorAsync(siteId, ways, ct) is { } error)
        {
            return Refusal.Invalid("mailRoute", error);
        }

        var changed = await audit.RecordAsync(
            () =>
                sites.ChangeAsync(
                    siteId,
                    site =>
                    {
                        site.MailRoute = ways.Count == 0 ? null : string.Join(' ', ways);
                        return null;
                    },
                    ct
                ),
            done =>
                done.IsRefused(out _, out var site) ? null : new(site.Id, actor, "site.changed", PublicId.Format(PublicId.Site, site.Id)),
            ct
        );
        transports.Forget(siteId);
        return changed;
    }

    private async Task<string?> ErrorAsync(Guid siteId, IReadOnlyList<string> ways, CancellationToken ct)
    {
        if (ways.Count > Max)
        {
            return $"A mail route has at most {Max} ways.";
        }

        if (ways.Distinct(StringComparer.Ordinal).Count() < ways.Count)
        {
            return "A mail route names each way once.";
        }

        foreach (var way in ways.Where(way => way != Installation))
        {
            if (
                await connections.FindAsync(PublicId.Parse(PublicId.Connection, way), ct) is not { Kind: ConnectionKind.Mail } row
                || row.SiteId != siteId
            )
            {
                return $"\"{way}\" is no connection of the site for mail. A way is such a connection, conn_…, or {Installation}.";
            }
        }

        return null;
    }
}

/// <summary>A connection that a site's route names stays.</summary>
internal sealed class MailRouteUse(SiteStore sites) : IConnectionUse
{
    public async Task<IReadOnlyList<string>> OfAsync(Guid connectionId, CancellationToken ct) =>
        [
            .. (await sites.ListAsync(only: null, ct))
                .Where(site => MailRoute.Read(site.MailRoute).Contains(connectionId))
                .Select(site => $"the mail route of the site \"{site.Name}\" ({PublicId.Format(PublicId.Site, site.Id)})"),
        ];
}
