using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Templates.Language;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>
/// The addresses that a site's mails may come from: its own, those of its lists, and the installation's where the site has none.
/// </summary>
internal sealed class MailSenders(ListStore lists, MailTransports transports, IOptions<MailOptions> options) : ISenders
{
    public string Channel => Channels.Mail;

    /// <returns>The first that is named at all; null when nobody is.</returns>
    public static string? First(params IEnumerable<string?> senders) =>
        senders.FirstOrDefault(sender => !string.IsNullOrWhiteSpace(sender));

    public async Task<IReadOnlyList<SenderResponse>> OfAsync(Site site, CancellationToken ct)
    {
        var ofLists = (await lists.OfSiteAsync(site.Id, ct)).Select(list => list.FromEmail);
        var provider = (await transports.OfAsync(site.Id, ct))[0].Provider;
        string?[] named = [First(site.FromEmail, options.Value.From), .. ofLists];
        return
        [
            .. named
                .Select(EmailAddress.Parse)
                .OfType<EmailAddress>()
                .DistinctBy(address => address.Key)
                .Select(address => new SenderResponse(address.Text, $"{OneLine.Of(site.Name)} <{address.Text}>", Channel, provider)),
        ];
    }

    /// <param name="id">Null asks for the one that is taken when none is named.</param>
    /// <returns>Null when the site may not send from it, or has none.</returns>
    public async Task<SenderResponse?> FindAsync(Site site, string? id, CancellationToken ct)
    {
        var key = EmailAddress.Parse(id ?? First(site.FromEmail, options.Value.From))?.Key;
        return (await OfAsync(site, ct)).FirstOrDefault(sender => EmailAddress.Parse(sender.Id)?.Key == key);
    }

    /// <returns>The domains of many sites, by site, without a look at how their mails leave.</returns>
    public async Task<ILookup<Guid, string>> DomainsOfAsync(IReadOnlyList<Site> sites, CancellationToken ct)
    {
        var ofLists = await lists.OfSitesAsync([.. sites.Select(site => site.Id)], ct);
        return sites
            .SelectMany(site =>
                ofLists
                    .Where(list => list.SiteId == site.Id)
                    .Select(list => list.FromEmail)
                    .Prepend(First(site.FromEmail, options.Value.From))
                    .Select(address => (Site: site.Id, Domain: EmailAddress.Parse(address)?.Key.Split('@')[^1]))
            )
            .Where(one => one.Domain is not null)
            .Distinct()
            .ToLookup(one => one.Site, one => one.Domain!);
    }

    /// <returns>The domains of those addresses, in ASCII.</returns>
    public async Task<IReadOnlyList<string>> DomainsAsync(Site site, CancellationToken ct) =>
        [.. (await OfAsync(site, ct)).Select(sender => EmailAddress.Parse(sender.Id)?.Key.Split('@')[^1]).OfType<string>().Distinct()];
}
