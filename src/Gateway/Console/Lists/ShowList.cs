using Gateway.Console.Layout;
using Gateway.Console.Overview;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Lists;
using Gateway.Features.Submissions;
using Gateway.Features.Templates;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;

namespace Gateway.Console.Lists;

/// <summary>Shows one list with what can be chosen for it.</summary>
internal sealed class ShowList(
    ListStore lists,
    SubscriptionStore subscriptions,
    PurposeStore purposes,
    TemplateStore templates,
    ConnectionStore connections,
    ReadProviderLists providerLists,
    ListSyncHistory syncs,
    FormReader forms,
    KeptAt kept
)
{
    /// <summary>More than a site has.</summary>
    private const int Most = 200;

    public async Task<IResult> NewAsync(AdminPageContext context, ListForm asked, Refusal? why, CancellationToken ct)
    {
        var page = context.Show<NewListPage>(
            (nameof(NewListPage.Asked), asked),
            (nameof(NewListPage.Choices), await ChoicesAsync(context, list: null, ct)),
            (nameof(NewListPage.Error), why?.Message)
        );
        page.StatusCode = why is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    /// <param name="form">What was typed, where it was refused; null shows what is stored.</param>
    public async Task<IResult> ShowAsync(AdminPageContext context, ContactList list, PageForm? form, Refusal? why, CancellationToken ct)
    {
        var stored = await StoredAsync(context, list, ct);
        var counts = await subscriptions.CountByListAsync(context.SiteId, ct);
        var choices = await ChoicesAsync(context, list, ct);
        var page = context.Show<ListPage>(
            (
                nameof(ListPage.Row),
                new ListRow(
                    PublicId.Format(PublicId.List, list.Id),
                    list.Name,
                    list.Provider,
                    list.ProviderListId,
                    counts.GetValueOrDefault((list.Id, SubscriptionState.Confirmed)),
                    counts.GetValueOrDefault((list.Id, SubscriptionState.Pending)),
                    list.ArchivedAt is not null
                )
            ),
            (nameof(ListPage.Kept), kept.Of(list.Provider, list.ProviderListId, choices.NameThere(list.ProviderListId))),
            (nameof(ListPage.Asked), form is null ? stored : ListsPages.Read(form)),
            (nameof(ListPage.Version), FormVersions.Again(stored, form, why)),
            (nameof(ListPage.Choices), choices),
            (nameof(ListPage.Use), await UseAsync(context, list, ct)),
            (nameof(ListPage.Error), why?.Message)
        );
        page.StatusCode = AdminPages.StatusOf(why);
        return page;
    }

    /// <returns>All that its form shows.</returns>
    public async Task<ListForm> StoredAsync(AdminPageContext context, ContactList list, CancellationToken ct)
    {
        var now = await lists.FindAsync(list.Id, ct) ?? list;
        var keys = (await templates.OfSiteAsync(context.SiteId, ct)).ToDictionary(one => one.Id, one => one.Key);
        string KeyOf(Guid? template) => template is { } id ? keys.GetValueOrDefault(id, "") : "";
        return new(
            now.Name,
            now.FromEmail ?? "",
            now.Welcome,
            now.Purpose,
            KeyOf(now.ConfirmationTemplateId),
            KeyOf(now.WelcomeTemplateId),
            now.ProviderListId ?? "",
            now.ConnectionId is { } connection ? PublicId.Format(PublicId.Connection, connection) : "",
            ListText.Read(now.Texts)
        );
    }

    private async Task<ListUse> UseAsync(AdminPageContext context, ContactList list, CancellationToken ct)
    {
        var id = PublicId.Format(PublicId.List, list.Id);
        var naming = (await forms.NewestOfSiteAsync(context.SiteId, ct)).Where(form => form.Lists.Any(one => one.List == id));
        return new([.. naming.Select(form => form.Title ?? form.Id)], await syncs.CountWaitingAsync(list.Id, ct));
    }

    private async Task<ListChoices> ChoicesAsync(AdminPageContext context, ContactList? list, CancellationToken ct)
    {
        var own = await templates.OfSiteAsync(context.SiteId, ct);
        List<MenuChoice> Of(TemplateKind kind) =>
            [.. own.Where(one => one.Kind == kind).Select(one => new MenuChoice(one.Key, one.Name))];
        var language = context.Site!.Language;
        return new(
            [
                .. (await purposes.ListAsync(context.SiteId, ct)).Select(one => new MenuChoice(
                    one.Key,
                    one.Words.GetValueOrDefault(language) is { Length: > 0 } words ? $"{one.Key}: {Shortening.To(words, 80)}" : one.Key
                )),
            ],
            Of(TemplateKind.Confirmation),
            Of(TemplateKind.Welcome),
            list is null || list.Provider == LocalLists.Key
                ? []
                :
                [
                    .. (await connections.PageAsync(context.SiteId, after: null, Most, ct))
                        .Where(one => one.Kind == ConnectionKind.List && one.Provider == list.Provider)
                        .Select(one => new MenuChoice(PublicId.Format(PublicId.Connection, one.Id), one.Name)),
                ],
            await ListsThereAsync(list, ct)
        );
    }

    /// <returns>Null where its account is the installation's, or does not tell.</returns>
    private async Task<IReadOnlyList<ListThere>?> ListsThereAsync(ContactList? list, CancellationToken ct)
    {
        if (
            list is not { ProviderListId: { } number }
            || await connections.FindAsync(list.ConnectionId, ct) is not { FailingSince: null } account
            || (await providerLists.ReadForPageAsync(account, ct)).IsRefused(out _, out var found)
        )
        {
            return null;
        }

        var there = found.Select(one => new ListThere(one.Id, one.Name)).ToList();
        return there.Exists(one => one.Id == number) ? there : [new(number, null), .. there];
    }
}
