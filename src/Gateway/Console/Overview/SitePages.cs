using Gateway.Console.Failed;
using Gateway.Console.Layout;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Overview;

/// <summary>/admin/sites/{site} — one site: its figures, its lists, what failed.</summary>
internal static class SitePages
{
    private const int MaxFailures = 10;

    public static void Map(RouteGroupBuilder site) =>
        site.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSitePage").WithSummary("Show a site");

    private static async Task<RazorComponentResult> LookAsync(
        AdminPageContext visit,
        SiteLists siteLists,
        SiteFigures figures,
        FailedItems failures,
        CancellationToken ct
    )
    {
        var counts = await figures.ReadAsync(ct);
        var failed = await failures.ListAsync(MaxFailures, [visit.SiteId], ct);
        return visit.Show<SitePage>(
            (nameof(SitePage.Row), SiteRow.Of(visit.Site!, counts.GetValueOrDefault(visit.SiteId))),
            (nameof(SitePage.Lists), await siteLists.OfAsync(visit.SiteId, ct)),
            (nameof(SitePage.Failed), FailedPages.Newest(failed, MaxFailures, visit))
        );
    }
}

/// <summary>The lists of a site, with how many people are on each.</summary>
internal sealed class SiteLists(ListStore lists, SubscriptionStore subscriptions)
{
    public async Task<List<ListRow>> OfAsync(Guid siteId, CancellationToken ct)
    {
        var counts = await subscriptions.CountByListAsync(siteId, ct);
        return (await lists.OfSiteAsync(siteId, ct)).ConvertAll(list => new ListRow(
            PublicId.Format(PublicId.List, list.Id),
            list.Name,
            list.Provider,
            list.ProviderListId,
            counts.GetValueOrDefault((list.Id, SubscriptionState.Confirmed)),
            counts.GetValueOrDefault((list.Id, SubscriptionState.Pending))
        ));
    }
}

/// <summary>A list of a site.</summary>
/// <param name="Pending">Asked to confirm, and have not answered.</param>
public sealed record ListRow(string Id, string Name, string Provider, string? ProviderList, int Confirmed, int Pending);
