using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Connections;

/// <summary>
/// /admin/sites/{site}/connections — the accounts that a site's lists, mails and SMS go over: made, tried, changed and deleted here, and
/// the lists of an account taken over with one press.
/// </summary>
internal static class ConnectionsPages
{
    /// <summary>More than a site has.</summary>
    private const int Most = 200;

    public static void MapSite(RouteGroupBuilder site)
    {
        var connections = site.MapGroup("/connections");
        connections
            .MapMethods("", AdminPages.Look, ListAsync)
            .WithName("AdminConnectionsPage")
            .WithSummary("Show a site's connections and what can be connected");
        connections
            .MapMethods("/new/{kind}/{provider}", AdminPages.Look, LookAtNew)
            .WithName("AdminNewConnectionPage")
            .WithSummary("Ask for an account at a provider")
            .Needs(SiteRights.Manage);
        connections
            .MapPost("/new/{kind}/{provider}", AddAsync)
            .WithName("AdminNewConnection")
            .WithSummary("Connect a site with an account; it is tried first")
            .NeedsRecentSignIn();
        connections
            .MapMethods("/{connection}", AdminPages.Look, LookAsync)
            .WithName("AdminConnectionPage")
            .WithSummary("Show a connection, and the lists of its account");
        connections
            .MapPost("/{connection}", ChangeAsync)
            .WithName("AdminChangeConnection")
            .WithSummary("Rename a connection, or give it other credentials; it is tried first")
            .NeedsRecentSignIn();
        connections.MapPost("/{connection}/test", TestAsync).WithName("AdminTestConnection").WithSummary("Try a connection now");
        connections
            .MapPost("/{connection}/lists", AddListAsync)
            .WithName("AdminAddProviderList")
            .WithSummary("Keep a list in step with one of the account");
        connections
            .MapPost("/{connection}/delete", DeleteAsync)
            .WithName("AdminDeleteConnection")
            .WithSummary("Delete a connection that nothing uses")
            .NeedsRecentSignIn();
    }

    private static string UrlOf(AdminPageContext context) => $"{context.SiteUrl}/connections";

    private static async Task<RazorComponentResult> ListAsync(
        AdminPageContext context,
        ConnectionStore connections,
        ConnectionProviders providers,
        DescribeConnections describe,
        CancellationToken ct
    )
    {
        var rows = await describe.DescribeAsync(await connections.PageAsync(context.SiteId, after: null, Most, ct), ct);
        return context.Show<ConnectionsPage>(
            (nameof(ConnectionsPage.Own), rows.Select(row => ConnectionRow.Of(row, UrlOf(context))).ToList()),
            (
                nameof(ConnectionsPage.Installation),
                (await describe.InstallationAsync(ct)).Select(row => ConnectionRow.Of(row, UrlOf(context))).ToList()
            ),
            (nameof(ConnectionsPage.Providers), providers.All.Select(ProviderChoice.Of).ToList())
        );
    }

    private static IResult LookAtNew(string kind, string provider, AdminPageContext context, ConnectionProviders providers) =>
        ProviderOf(providers, kind, provider) is { } found ? ShowNew(context, found, form: null, why: null) : AdminAnswers.NotFound();

    private static async Task<IResult> AddAsync(
        string kind,
        string provider,
        PageForm form,
        AdminPageContext context,
        ConnectionStore connections,
        ConnectionProviders providers,
        CancellationToken ct
    )
    {
        if (ProviderOf(providers, kind, provider) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var given = new NewConnection(
            context.SiteId,
            found.Kind,
            found.Key,
            form["name"] ?? "",
            SettingField.Read(found, form),
            IsTested: form["untested"] is null
        );
        return (await connections.AddAsync(given, context.User.Actor, ct)).IsRefused(out var why, out var row)
            ? ShowNew(context, found, form, why)
            : AdminPageContext.Go($"{UrlOf(context)}/{PublicId.Format(PublicId.Connection, row.Id)}", AdminNotices.ConnectionAdded);
    }

    private static RazorComponentResult ShowNew(AdminPageContext context, ConnectionProvider provider, PageForm? form, Refusal? why)
    {
        var page = context.Show<NewConnectionPage>(
            (nameof(NewConnectionPage.Provider), ProviderChoice.Of(provider)),
            (nameof(NewConnectionPage.Name), form?["name"] ?? ProviderChoice.Of(provider).Title),
            (nameof(NewConnectionPage.Fields), SettingField.Of(provider, [], [], form)),
            (nameof(NewConnectionPage.Error), why?.Message),
            (nameof(NewConnectionPage.MayInsist), why?.Code == ConnectionStore.FailedCode)
        );
        page.StatusCode = why is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    private static async Task<IResult> LookAsync(
        string connection,
        AdminPageContext context,
        ConnectionStore connections,
        ShowConnection show,
        CancellationToken ct
    ) =>
        await OfSiteAsync(connections, context, connection, ct) is { } row
            ? await show.ShowAsync(context, row, form: null, why: null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> ChangeAsync(
        string connection,
        PageForm form,
        AdminPageContext context,
        ConnectionStore connections,
        ConnectionProviders providers,
        FormVersions versions,
        ShowConnection show,
        CancellationToken ct
    )
    {
        if (
            await OfSiteAsync(connections, context, connection, ct) is not { } row
            || providers.Find(row.Kind, row.Provider).IsRefused(out _, out var provider)
        )
        {
            return AdminAnswers.NotFound();
        }

        // Trying it takes a while; whoever saves in that time is found by the store.
        if (await versions.ErrorAsync(form, ShowConnection.StoredOf(row), context.SiteId, connection, ct) is { } stale)
        {
            return await show.ShowAsync(context, row, form, stale, ct);
        }

        var change = new ConnectionChange(form["name"] ?? "", SettingField.Read(provider, form), IsTested: form["untested"] is null);
        return (await connections.ChangeAsync(row, change, context.User.Actor, ct)).IsRefused(out var why, out _)
            ? await show.ShowAsync(context, row, form, why, ct)
            : AdminPageContext.Go($"{UrlOf(context)}/{connection}", AdminNotices.ConnectionChanged);
    }

    private static async Task<IResult> TestAsync(
        string connection,
        AdminPageContext context,
        ConnectionStore connections,
        CancellationToken ct
    )
    {
        if (await OfSiteAsync(connections, context, connection, ct) is not { } row)
        {
            return AdminAnswers.NotFound();
        }

        // What it found stands on the page, since it is noted with the connection.
        var error = await connections.TestAsync(row, ct);
        return AdminPageContext.Go($"{UrlOf(context)}/{connection}", error is null ? AdminNotices.ConnectionWorks : null);
    }

    private static async Task<IResult> AddListAsync(
        string connection,
        PageForm form,
        AdminPageContext context,
        ConnectionStore connections,
        ListStore lists,
        ConfigureLists configure,
        Outages outages,
        AuditLog audit,
        ShowConnection show,
        CancellationToken ct
    )
    {
        if (await OfSiteAsync(connections, context, connection, ct) is not { } row || form["list"] is not { } list)
        {
            return AdminAnswers.NotFound();
        }

        if (form["for"] is { } lost)
        {
            if (await lists.FindAsync(context.SiteId, lost, ct) is not { } known || known.ConnectionId != row.Id)
            {
                return AdminAnswers.NotFound();
            }

            var given = new ListSettings(null, null, null, null, null, ProviderListId: list);
            var moved = await audit.RecordAsync(
                () => configure.ChangeAsync(known.Id, given, ct),
                outcome => outcome.IsRefused(out _, out _) ? null : new(context.SiteId, context.User.Actor, "list.changed", lost),
                ct
            );
            if (moved.IsRefused(out var unfit, out var now))
            {
                return await show.ShowAsync(context, row, form: null, unfit, ct);
            }

            await configure.ReleaseAsync(known, now, ct);

            await outages.ProbeNowAsync(ct);
            return AdminPageContext.Go($"{UrlOf(context)}/{connection}", AdminNotices.ListMoved);
        }

        var fresh = new NewList(context.SiteId, form["name"] ?? list, ProviderListId: list, Connection: connection);
        var added = await audit.RecordAsync(
            () => configure.AddAsync(fresh, ct),
            outcome =>
                outcome.IsRefused(out _, out var made)
                    ? null
                    : new(context.SiteId, context.User.Actor, "list.added", PublicId.Format(PublicId.List, made.Id)),
            ct
        );
        return added.IsRefused(out var why, out _)
            ? await show.ShowAsync(context, row, form: null, why, ct)
            : AdminPageContext.Go($"{UrlOf(context)}/{connection}", AdminNotices.ListAdded);
    }

    private static async Task<IResult> DeleteAsync(
        string connection,
        AdminPageContext context,
        ConnectionStore connections,
        ShowConnection show,
        CancellationToken ct
    ) =>
        await OfSiteAsync(connections, context, connection, ct) is not { } row ? AdminAnswers.NotFound()
        : await connections.DeleteAsync(row, context.User.Actor, ct) is { } why ? await show.ShowAsync(context, row, form: null, why, ct)
        : AdminPageContext.Go(UrlOf(context), AdminNotices.ConnectionDeleted);

    private static ConnectionProvider? ProviderOf(ConnectionProviders providers, string kind, string provider) =>
        ConnectionProviders.KindOf(kind).IsRefused(out _, out var known)
        || providers.Find(known, provider).IsRefused(out _, out var found)
            ? null
            : found;

    private static async Task<Connection?> OfSiteAsync(
        ConnectionStore connections,
        AdminPageContext context,
        string connection,
        CancellationToken ct
    ) =>
        await connections.FindAsync(PublicId.Parse(PublicId.Connection, connection), ct) is { } row && row.SiteId == context.SiteId
            ? row
            : null;
}

/// <summary>Shows one connection, with what its account has.</summary>
internal sealed class ShowConnection(
    ConnectionStore connections,
    ConnectionProviders providers,
    DescribeConnections describe,
    ListStore lists,
    SubscriptionStore subscriptions,
    ReadProviderLists read
)
{
    /// <param name="form">What was typed, where it was refused.</param>
    public async Task<IResult> ShowAsync(AdminPageContext context, Connection row, PageForm? form, Refusal? why, CancellationToken ct)
    {
        if (
            providers.Find(row.Kind, row.Provider).IsRefused(out _, out var provider)
            || await connections.FindAsync(row.Id, ct) is not { } now
        )
        {
            return AdminAnswers.NotFound();
        }

        var shown = (await describe.DescribeAsync([now], ct))[0];
        var account = await ListsAsync(context, now, shown, ct);
        var page = context.Show<ConnectionPage>(
            (nameof(ConnectionPage.Row), ConnectionRow.Of(shown, $"{context.SiteUrl}/connections")),
            (nameof(ConnectionPage.Provider), ProviderChoice.Of(provider)),
            (nameof(ConnectionPage.Version), FormVersions.Again(StoredOf(now), form, why)),
            (nameof(ConnectionPage.Name), form?["name"] ?? shown.Name),
            (nameof(ConnectionPage.Fields), SettingField.Of(provider, shown.Settings, shown.Secrets, form)),
            (nameof(ConnectionPage.Lists), account.Lists),
            (nameof(ConnectionPage.Unread), account.Unread),
            (nameof(ConnectionPage.Lost), account.Lost),
            (nameof(ConnectionPage.Uses), await connections.UsesAsync(now.Id, ct)),
            (nameof(ConnectionPage.Error), why?.Message),
            (nameof(ConnectionPage.MayInsist), why?.Code == ConnectionStore.FailedCode)
        );
        page.StatusCode = AdminPages.StatusOf(why);
        return page;
    }

    /// <returns>All that its form is about.</returns>
    public static object StoredOf(Connection row) => row.Changeable();

    /// <returns>The account's lists; null where the connection is for something else, or with a sentence where they cannot be
    /// read.</returns>
    private async Task<AccountLists> ListsAsync(AdminPageContext context, Connection row, ConnectionResponse shown, CancellationToken ct)
    {
        if (row.Kind != ConnectionKind.List || shown.State == "failing")
        {
            return new(null, null, []);
        }

        if ((await read.ReadForPageAsync(row, ct)).IsRefused(out var why, out var found))
        {
            return new(null, why.Code == ReadProviderLists.Unavailable ? why.Message : null, []);
        }

        var mine = (await lists.OfSiteAsync(context.SiteId, ct)).FindAll(list =>
            list.ConnectionId == row.Id && list.ProviderListId is not null
        );
        var kept = mine.Select(list => list.ProviderListId!).ToHashSet();
        var lost = mine.FindAll(list => list.ArchivedAt is null && found.All(one => one.Id != list.ProviderListId));
        var counts = lost.Count == 0 ? [] : await subscriptions.CountByListAsync(context.SiteId, ct);
        return new(
            [.. found.Select(list => AccountList.Of(list, kept))],
            null,
            lost.ConvertAll(list => LostList.Of(list, counts.GetValueOrDefault((list.Id, SubscriptionState.Confirmed)), context.SiteUrl))
        );
    }

    /// <param name="Lists">Null where they cannot be read, or there are none to read.</param>
    /// <param name="Unread">Why they cannot be read.</param>
    /// <param name="Lost">Lists here whose list there is gone.</param>
    private sealed record AccountLists(List<AccountList>? Lists, string? Unread, List<LostList> Lost);
}
