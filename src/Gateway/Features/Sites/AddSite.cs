using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Sites;

/// <summary>A site that somebody wants to add.</summary>
/// <param name="FromEmail">The sender of its mails; null means the installation's.</param>
/// <param name="MayShareName">Whether it may have the name of another site.</param>
internal sealed record NewSite(string Name, string? FromEmail, string? Language, bool MayShareName = false);

/// <summary>Adds sites and records it. Their secrets are made when something is connected with them.</summary>
internal sealed class AddSite(SiteStore sites, SiteCredentials credentials, AuditLog audit)
{
    /// <param name="actor">As <see cref="AuditEntry.Actor"/>.</param>
    public async Task<Result<Site>> AddAsync(NewSite given, string actor, CancellationToken ct)
    {
        var name = given.Name.Trim();
        if (SiteRules.NameError(name) is { } unfit)
        {
            return Refusal.Invalid("name", unfit);
        }

        if (SiteRules.SenderError("The sender", given.FromEmail) is { } notOne)
        {
            return Refusal.Invalid("from", notOne);
        }

        return await audit.RecordAsync<Result<Site>>(
            async () =>
            {
                // Two presses at once would both find the name free.
                await sites.LockNamesAsync(ct);
                if (!given.MayShareName && await sites.FindByNameAsync(name, ct) is { } known)
                {
                    return new Refusal(
                        RefusalKind.Conflict,
                        "name_taken",
                        $"There is a site \"{known.Name}\" already. Use that one, or choose another name.",
                        "name"
                    );
                }

                var site = new Site
                {
                    Name = name,
                    FromEmail = EmailAddress.Parse(given.FromEmail)?.Text,
                    Language = Languages.Pick(given.Language, "en"),
                };
                await credentials.AddSiteAsync(site, ct);
                return site;
            },
            added =>
                added.IsRefused(out _, out var site) ? null : new(site.Id, actor, "site.added", PublicId.Format(PublicId.Site, site.Id)),
            ct
        );
    }
}
