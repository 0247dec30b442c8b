using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Http;

namespace Gateway.Console.Hooks;

/// <summary>/admin/hooks — who is told of the events of all sites that somebody may see.</summary>
internal static class AllHooksPages
{
    private const int PageSize = 50;

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapMethods("/hooks", AdminPages.Look, ListAsync)
            .WithName("AdminAllHooksPage")
            .WithSummary("Show the hooks of all sites")
            .Needs(SiteRights.See);

    /// <param name="after">The last hook of the page before; null for the first page.</param>
    private static async Task<IResult> ListAsync(
        string? show,
        string? after,
        AdminPageContext context,
        HookStore hooks,
        CancellationToken ct
    )
    {
        List<ListFilter> filters = [NeedsAttention.Of(show)];
        var start = PublicId.Parse(PublicId.Hook, after);
        if (!filters[0].IsKnown || (after is not null && start is null))
        {
            return AdminAnswers.NotFound();
        }

        var read = await hooks.PageOfSitesAsync(context.User.Access.Seen, failing: filters[0].IsSet, start, PageSize + 1, ct);

        // A site that was added a moment ago is shown at the next look.
        var rows =
            from state in read.Take(PageSize)
            join site in context.Seen on state.Hook.SiteId equals site.Id
            select HookRow.Of(state, context.User.Access.May(site.Id, SiteRights.Manage)) with
            {
                Site = context.LinkTo(site),
            };
        return context.Show<AllHooksPage>(
            (nameof(AllHooksPage.Rows), rows.ToList()),
            (nameof(AllHooksPage.Filters), filters),
            (nameof(AllHooksPage.IsLater), after is not null),
            (nameof(AllHooksPage.Next), read.Count > PageSize ? PublicId.Format(PublicId.Hook, read[PageSize - 1].Hook.Id) : null)
        );
    }
}
