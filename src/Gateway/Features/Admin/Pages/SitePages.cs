using Gateway.Features.Operations;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Admin.Pages;

/// <summary>/admin/sites/{site} — one site: its figures, its lists, what failed.</summary>
internal static class SitePages
{
    private const int MostFailures = 10;

    public static void Map(RouteGroupBuilder site) => site
        .MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSitePage").WithSummary("Show a site");

    private static async Task<RazorComponentResult> LookAsync(AdminVisit visit, GatewayDb db, SiteFigures figures, Failures failures, CancellationToken ct)
    {
        var counts = await figures.ReadAsync(ct);
        var failed = await failures.ListAsync(MostFailures, ct, [visit.SiteId]);
        return visit.Show<SitePage>(
            (nameof(SitePage.Row), SiteRow.Of(visit.Site!, counts.GetValueOrDefault(visit.SiteId))),
            (nameof(SitePage.Lists), await ListsAsync(db, visit.SiteId, ct)),
            (nameof(SitePage.Failed), FailedPages.Newest(failed, MostFailures, visit)));
    }

    public static async Task<List<ListRow>> ListsAsync(GatewayDb db, Guid siteId, CancellationToken ct)
    {
        var lists = await db.Lists.AsNoTracking().Where(list => list.SiteId == siteId).OrderBy(list => list.Id).ToListAsync(ct);
        var members = await db.Subscriptions
            .Where(row => row.SiteId == siteId && (row.State == SubscriptionState.Confirmed || row.State == SubscriptionState.Pending))
            .GroupBy(row => new { row.ListId, row.State }).Select(group => new { group.Key.ListId, group.Key.State, Count = group.Count() }).ToListAsync(ct);
        return [.. lists.Select(list => new ListRow(
            PublicId.Format(PublicId.List, list.Id), list.Name, list.Provider, list.ProviderListId, Count(list.Id, SubscriptionState.Confirmed), Count(list.Id, SubscriptionState.Pending)))];

        int Count(Guid list, SubscriptionState state) => members.Find(one => one.ListId == list && one.State == state)?.Count ?? 0;
    }
}

/// <summary>A list of a site.</summary>
/// <param name="Pending">Asked to confirm, and have not answered.</param>
public sealed record ListRow(string Id, string Name, string Provider, string? ProviderList, int Confirmed, int Pending);
