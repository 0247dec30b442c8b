using Gateway.Console.Layout;
using Gateway.Console.Overview;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;

namespace Gateway.Console.Lists;

/// <summary>/admin/sites/{site}/lists — a site's lists: added, changed, deleted while nobody was on them.</summary>
internal static class ListsPages
{
    /// <summary>Followed by a language.</summary>
    public const string NameIn = "name.";

    /// <inheritdoc cref="NameIn"/>
    public const string DescriptionIn = "description.";

    public static void MapSite(RouteGroupBuilder site)
    {
        var lists = site.MapGroup("/lists");
        lists.MapMethods("", AdminPages.Look, ListAsync).WithName("AdminListsPage").WithSummary("Show a site's lists");
        lists
            .MapMethods("/new", AdminPages.Look, LookAtNewAsync)
            .WithName("AdminNewListPage")
            .WithSummary("Ask for a new list")
            .Needs(SiteRights.Manage);
        lists.MapPost("/new", AddAsync).WithName("AdminNewList").WithSummary("Add a list");
        lists.MapMethods("/{list}", AdminPages.Look, LookAsync).WithName("AdminListPage").WithSummary("Show a list");
        lists.MapPost("/{list}", ChangeAsync).WithName("AdminChangeList").WithSummary("Change a list");
        lists.MapPost("/{list}/archive", ArchiveAsync).WithName("AdminArchiveList").WithSummary("Archive a list, or bring it back");
        lists.MapPost("/{list}/delete", DeleteAsync).WithName("AdminDeleteList").WithSummary("Delete a list that nobody was on");
        MemberPages.Map(lists);
    }

    public static string UrlOf(AdminPageContext context) => $"{context.SiteUrl}/lists";

    private static async Task<IResult> ListAsync(AdminPageContext context, SiteLists lists, KeptAt kept, CancellationToken ct)
    {
        var rows = await lists.AllOfAsync(context.SiteId, ct);
        return context.Show<ListsPage>(
            (nameof(ListsPage.Rows), rows),
            (nameof(ListsPage.Kept), rows.ToDictionary(row => row.Id, row => kept.Of(row.Provider, row.ProviderList)))
        );
    }

    private static Task<IResult> LookAtNewAsync(AdminPageContext context, ShowList show, CancellationToken ct) =>
        show.NewAsync(context, ListForm.Empty, why: null, ct);

    private static async Task<IResult> AddAsync(
        PageForm form,
        AdminPageContext context,
        ListStore lists,
        ConfigureLists configure,
        AuditLog audit,
        ShowList show,
        CancellationToken ct
    )
    {
        var asked = Read(form);
        var known = (await lists.OfSiteAsync(context.SiteId, ct)).Find(one =>
            one.Name.Equals(asked.Name, StringComparison.OrdinalIgnoreCase)
        );
        if (known is not null)
        {
            return await show.NewAsync(context, asked, Refusal.Invalid("name", $"There is a list “{known.Name}” already."), ct);
        }

        var given = new NewList(
            context.SiteId,
            asked.Name,
            FromEmail: context.User.Access.IsOperator && asked.From.Length > 0 ? asked.From : null,
            Welcome: asked.Welcome,
            Purpose: asked.Purpose
        );
        var added = await audit.RecordAsync(() => configure.AddAsync(given, ct), outcome => Recorded(context, outcome, "list.added"), ct);
        return added.IsRefused(out var why, out var list)
            ? await show.NewAsync(context, asked, why, ct)
            : AdminPageContext.Go($"{UrlOf(context)}/{PublicId.Format(PublicId.List, list.Id)}", AdminNotices.ListMade);
    }

    private static async Task<IResult> LookAsync(
        string list,
        AdminPageContext context,
        ListStore lists,
        ShowList show,
        CancellationToken ct
    ) =>
        await lists.FindAsync(context.SiteId, list, ct) is { } found
            ? await show.ShowAsync(context, found, form: null, why: null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> ChangeAsync(
        string list,
        PageForm form,
        AdminPageContext context,
        ListStore lists,
        ConfigureLists configure,
        AuditLog audit,
        Outages outages,
        FormVersions versions,
        ShowList show,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var asked = Read(form);
        var isLocal = found.Provider == LocalLists.Key;
        var change = new ListSettings(
            asked.Name,
            context.User.Access.IsOperator ? OrOff(asked.From) : null,
            asked.Welcome,
            OrOff(asked.Confirmation),
            OrOff(asked.WelcomeTemplate),
            isLocal || asked.ProviderList.Length == 0 ? null : asked.ProviderList,
            isLocal ? null : OrOff(asked.Connection),
            asked.Purpose,
            Sent(form, NameIn),
            Sent(form, DescriptionIn)
        );
        var changed = await audit.RecordAsync(
            async () =>
            {
                await lists.LockAsync(found.Id, ct);
                return await versions.ErrorAsync(form, await show.StoredAsync(context, found, ct), context.SiteId, list, ct) is { } stale
                    ? stale
                    : await configure.ChangeAsync(found.Id, change, ct);
            },
            outcome => Recorded(context, outcome, "list.changed"),
            ct
        );
        if (changed.IsRefused(out var why, out var now))
        {
            return await show.ShowAsync(context, found, form, why, ct);
        }

        await configure.ReleaseAsync(found, now, ct);

        if (!isLocal)
        {
            await outages.ProbeNowAsync(ct);
        }

        return AdminPageContext.Go($"{UrlOf(context)}/{list}", AdminNotices.ListChanged);
    }

    private static async Task<IResult> ArchiveAsync(
        string list,
        PageForm form,
        AdminPageContext context,
        ListStore lists,
        ConfigureLists configure,
        AuditLog audit,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        if (form[PageForm.Button] is not ("archive" or "restore"))
        {
            return AdminAnswers.Stale();
        }

        var archived = form[PageForm.Button] == "archive";
        await audit.RecordAsync(
            () => configure.ArchiveAsync(found.Id, archived, ct),
            outcome => Recorded(context, outcome, archived ? "list.archived" : "list.restored"),
            ct
        );
        return AdminPageContext.Go($"{UrlOf(context)}/{list}", archived ? AdminNotices.ListArchived : AdminNotices.ListRestored);
    }

    private static async Task<IResult> DeleteAsync(
        string list,
        AdminPageContext context,
        ListStore lists,
        ConfigureLists configure,
        AuditLog audit,
        ShowList show,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var deleted = await audit.RecordAsync(
            () => configure.DeleteAsync(found.Id, ct),
            outcome => Recorded(context, outcome, "list.deleted"),
            ct
        );
        return deleted.IsRefused(out var why, out _)
            ? await show.ShowAsync(context, found, form: null, why, ct)
            : AdminPageContext.Go(UrlOf(context), AdminNotices.ListDeleted);
    }

    public static ListForm Read(PageForm form) =>
        new(
            form["name"] ?? "",
            form["from"] ?? "",
            form["welcome"] is not null,
            form["purpose"] ?? ListForm.Empty.Purpose,
            form["confirmation"] ?? "",
            form["welcome-template"] ?? "",
            form["provider-list"] ?? "",
            form["connection"] ?? "",
            Languages.All.ToDictionary(
                language => language,
                language => new ListText(form[NameIn + language], form[DescriptionIn + language])
            )
        );

    /// <returns>By language; of one whose field was not sent nothing changes.</returns>
    private static Dictionary<string, string> Sent(PageForm form, string field) =>
        Languages
            .All.Where(language => form.Names.Contains(field + language))
            .ToDictionary(language => language, language => form[field + language] ?? "");

    private static string OrOff(string typed) => typed.Length == 0 ? "off" : typed;

    private static AuditedChange? Recorded(AdminPageContext context, Result<ContactList> outcome, string action) =>
        outcome.IsRefused(out _, out var list)
            ? null
            : new(context.SiteId, context.User.Actor, action, PublicId.Format(PublicId.List, list.Id));
}
