using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Features.Connections;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.Connections;

/// <summary>/admin/connections — the accounts of all sites that somebody may see.</summary>
internal static class AllConnectionsPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapMethods("/connections", AdminPages.Look, ListAsync)
            .WithName("AdminAllConnectionsPage")
            .WithSummary("Show the connections of all sites")
            .Needs(SiteRights.See);

    /// <param name="after">The last connection of the page before; null for the first page.</param>
    private static async Task<IResult> ListAsync(
        string? show,
        string? after,
        AdminPageContext context,
        ConnectionStore connections,
        DescribeConnections describe,
        CancellationToken ct
    )
    {
        List<ListFilter> filters = [NeedsAttention.Of(show)];
        var start = PublicId.Parse(PublicId.Connection, after);
        if (!filters[0].IsKnown || (after is not null && start is null))
        {
            return AdminAnswers.NotFound();
        }

        var failing = filters[0].IsSet ? await describe.HeldAsync(ct) : null;
        var read = await connections.PageOfSitesAsync(context.User.Access.Seen, failing, start, PageSize + 1, ct);
        var sites = context.Seen.ToDictionary(site => site.Id, context.LinkTo);
        var rows = new List<ConnectionRow>();
        foreach (var (row, shown) in read.Take(PageSize).Zip(await describe.DescribeAsync(read.Take(PageSize), ct)))
        {
            // What every site may use is changed by a command; a site that was added a moment ago is shown at the next look.
            var site = row.SiteId is { } id ? sites.GetValueOrDefault(id) : null;
            rows.Add(ConnectionRow.Of(site is null ? shown with { Id = null } : shown, $"{site?.Url}/connections") with { Site = site });
        }

        // They are operators' to change.
        var installation =
            context.User.Access.IsOperator && after is null
                ? (await describe.InstallationAsync(ct)).Where(one => !filters[0].IsSet || one.State == "failing")
                : [];
        return context.Show<AllConnectionsPage>(
            (nameof(AllConnectionsPage.Rows), rows),
            (nameof(AllConnectionsPage.Installation), installation.Select(one => ConnectionRow.Of(one, "")).ToList()),
            (nameof(AllConnectionsPage.Filters), filters),
            (nameof(AllConnectionsPage.IsLater), after is not null),
            (nameof(AllConnectionsPage.Next), read.Count > PageSize ? PublicId.Format(PublicId.Connection, read[PageSize - 1].Id) : null)
        );
    }
}
