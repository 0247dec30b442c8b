using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Features.Mail;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Domains;

/// <summary>/admin/domains — the sender domains of all sites that somebody may see.</summary>
internal static class AllDomainsPages
{
    /// <summary>Each is read with its lists.</summary>
    private const int SitesAtOnce = 50;

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapMethods("/domains", AdminPages.Look, ListAsync)
            .WithName("AdminAllDomainsPage")
            .WithSummary("Show the sender domains of all sites")
            .Needs(SiteRights.See);

    /// <param name="after">The last site of the page before; null for the first page.</param>
    private static async Task<IResult> ListAsync(
        string? show,
        string? after,
        AdminPageContext context,
        MailSenders senders,
        SenderDomainReports reports,
        CancellationToken ct
    )
    {
        List<ListFilter> filters = [NeedsAttention.Of(show)];
        if (!filters[0].IsKnown)
        {
            return AdminAnswers.NotFound();
        }

        // What is wrong is noted with the site; which domains there are stands in its settings.
        var faults = context.Findings.Where(finding => finding.Kind == FindingKind.Domain).ToLookup(finding => finding.SiteId);
        var all = context.Seen.Where(site => !filters[0].IsSet || faults.Contains(site.Id)).ToList();
        var before = after is null ? -1 : all.FindIndex(site => PublicId.Format(PublicId.Site, site.Id) == after);
        if (after is not null && before < 0)
        {
            return AdminAnswers.NotFound();
        }

        var sites = all.Skip(before + 1).Take(SitesAtOnce).ToList();
        var domains = await senders.DomainsOfAsync(sites, ct);
        var rows =
            from site in sites
            from domain in domains[site.Id]
            let fault = faults[site.Id].FirstOrDefault(finding => finding.Subject == domain)
            where fault is not null || !filters[0].IsSet
            select DomainRow.Of(context.LinkTo(site), domain, reports.Known(domain), fault);
        return context.Show<AllDomainsPage>(
            (nameof(AllDomainsPage.Rows), rows.ToList()),
            (nameof(AllDomainsPage.Filters), filters),
            (nameof(AllDomainsPage.IsLater), after is not null),
            (nameof(AllDomainsPage.Next), before + 1 + sites.Count < all.Count ? PublicId.Format(PublicId.Site, sites[^1].Id) : null)
        );
    }
}

/// <summary>A sender domain in a table. Public, like the components, because Razor makes them so.</summary>
/// <param name="State">In a few words.</param>
/// <param name="Kind">Of the badge; null for a plain one.</param>
/// <param name="Fault">What is wrong, in sentences; null where nothing is known to be.</param>
/// <param name="Since">When that was found.</param>
/// <param name="CheckedAt">When it was looked at; null where nobody did since the program started.</param>
public sealed record DomainRow(
    AdminSiteLink Site,
    string Domain,
    string State,
    string? Kind,
    string? Fault,
    DateTime? Since,
    DateTime? CheckedAt
)
{
    internal static DomainRow Of(AdminSiteLink site, string domain, DomainReport? report, SiteFinding? fault)
    {
        var word =
            fault is not null ? DomainWord.Of(DomainState.Wrong)
            : report is null ? new(T("no fault known"), null)
            : DomainWord.Of(report.State);
        return new(site, domain, word.Text, word.Kind, fault is null ? null : TStored(fault.Text), fault?.Since, report?.CheckedAt);
    }
}

/// <summary>What is seen of a domain, in a few words.</summary>
/// <param name="Kind">Of the badge; null for a plain one.</param>
internal sealed record DomainWord(string Text, string? Kind)
{
    /// <param name="state">Null while the first look is under way.</param>
    public static DomainWord Of(DomainState? state) =>
        state switch
        {
            null => new(T("being looked at"), null),
            DomainState.Good => new(T("in order"), "good"),
            DomainState.Improvable => new(T("works, could be better"), "warn"),
            DomainState.Unknown => new(T("no fault found, but not all could be looked at"), "warn"),
            _ => new(T("mail is refused or counts as forged"), "bad"),
        };
}
