using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Purposes;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists;

/// <summary>A list that somebody wants to add.</summary>
/// <param name="Provider">The key of a provider; null means that of the connection, or a local list.</param>
/// <param name="ProviderListId">The list's id at the provider; null for a local list.</param>
/// <param name="FromEmail">The sender of the list's mails; null means the site's.</param>
/// <param name="Connection">The connection to the provider, <c>conn_…</c>; null means the installation's settings.</param>
/// <param name="Purpose">What consent to it is for, a key of the site's purposes; null means to be written to.</param>
internal sealed record NewList(
    Guid SiteId,
    string Name,
    string? Provider = null,
    string? ProviderListId = null,
    string? FromEmail = null,
    bool Welcome = false,
    string? Connection = null,
    string? Purpose = null
);

/// <summary>What is to be different about a list; null stays, and <c>off</c> is none of its own.</summary>
/// <param name="ProviderListId">The list's id at the provider, such as after it was deleted there and made anew.</param>
/// <param name="Connection">Another connection to the same provider, <c>conn_…</c>; <c>off</c> is the installation's settings.</param>
/// <param name="Names">What people see in place of its name, by language; of a language that is left out it stays, and an empty one
/// goes.</param>
/// <param name="Descriptions">What is said of it, in the same way.</param>
internal sealed record ListSettings(
    string? Name,
    string? FromEmail,
    bool? Welcome,
    string? ConfirmationTemplate,
    string? WelcomeTemplate,
    string? ProviderListId = null,
    string? Connection = null,
    string? Purpose = null,
    IReadOnlyDictionary<string, string>? Names = null,
    IReadOnlyDictionary<string, string>? Descriptions = null
);

/// <summary>Adds and changes lists, and only such as can be kept in step.</summary>
internal sealed class ConfigureLists(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    TemplateStore templates,
    ListProviders providers,
    ConnectionStore connections,
    PurposeStore purposes,
    ListSyncQueue syncs,
    Outages outages,
    TimeProvider clock
)
{
    private static readonly Dictionary<string, string> NoTexts = [];

    public async Task<Result<ContactList>> AddAsync(NewList given, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var list = new ContactList
        {
            Id = Guid.CreateVersion7(now),
            SiteId = given.SiteId,
            Name = given.Name.Trim(),
            FromEmail = EmailAddress.Parse(given.FromEmail)?.Text,
            Provider = given.Provider?.Trim().ToLowerInvariant() is { Length: > 0 } key ? key : LocalLists.Key,
            ProviderListId = given.ProviderListId,
            Welcome = given.Welcome,
            Purpose = given.Purpose?.Trim() ?? PurposeTexts.Newsletter,
            CreatedAt = now.UtcDateTime,
        };
        if (given.Connection is { } connection)
        {
            if ((await ConnectionAsync(list, connection, ct)).IsRefused(out var unknown, out var row))
            {
                return unknown;
            }

            if (given.Provider is { Length: > 0 } && list.Provider != row.Provider)
            {
                return Refusal.Invalid("connection", $"This is a connection to {row.Provider}, and not to {list.Provider}.");
            }

            (list.Provider, list.ConnectionId) = (row.Provider, row.Id);
        }

        var error =
            list.Name.Length is 0 or > ListText.MaxName ? $"A list needs a name of at most {ListText.MaxName} characters."
            : given.FromEmail is not null && AddressRules.Error("The sender", given.FromEmail) is { } notOne ? notOne
            : (await providers.OpenAsync(list, ct)).IsRefused(out var unfit, out _) ? unfit.Message
            : !await sites.ExistsAsync(given.SiteId, ct) ? "There is no such site."
            : await UnknownPurposeAsync(list, ct);
        if (error is not null)
        {
            return Refusal.Invalid(error);
        }

        await lists.AddAsync(list, ct);
        return list;
    }

    /// <summary>Once it is committed, <see cref="ReleaseAsync"/> is to follow.</summary>
    public Task<Result<ContactList>> ChangeAsync(Guid? listId, ListSettings change, CancellationToken ct) =>
        db.WriteAsync<Result<ContactList>>(
            async () =>
            {
                // The row is held, so that two who change it at once do not undo each other.
                if (await lists.LockAsync(listId, ct) is not { } list)
                {
                    return new Refusal(RefusalKind.Missing, "not_found", "There is no such list.");
                }

                list.Name = change.Name?.Trim() ?? list.Name;
                list.FromEmail = Unless(change.FromEmail, list.FromEmail) is { } from ? EmailAddress.Parse(from)?.Text ?? from : null;
                list.Welcome = change.Welcome ?? list.Welcome;
                list.Purpose = change.Purpose?.Trim() ?? list.Purpose;
                var before = (list.ProviderListId, list.ConnectionId);
                list.ProviderListId = change.ProviderListId?.Trim() ?? list.ProviderListId;
                var texts = ListText.Read(list.Texts);
                if (ListText.Change(texts, change.Names ?? NoTexts, change.Descriptions ?? NoTexts) is { } wrong)
                {
                    db.ChangeTracker.Clear();
                    return wrong;
                }

                list.Texts = ListText.Write(texts);
                if (change.Connection is { } other && await MoveAsync(list, other, ct) is { } refused)
                {
                    db.ChangeTracker.Clear();
                    return refused;
                }

                var isElsewhere = (list.ProviderListId, list.ConnectionId) != before;
                var error =
                    list.Name.Length is 0 or > ListText.MaxName ? $"A list needs a name of at most {ListText.MaxName} characters."
                    : list.FromEmail is not null && AddressRules.Error("The sender", list.FromEmail) is { } unfit ? unfit
                    : isElsewhere && (await providers.OpenAsync(list, ct)).IsRefused(out var why, out _) ? why.Message
                    : await UseAsync(list, change.ConfirmationTemplate, TemplateKind.Confirmation, ct)
                        ?? await UseAsync(list, change.WelcomeTemplate, TemplateKind.Welcome, ct)
                        ?? await UnknownPurposeAsync(list, ct);
                if (error is not null)
                {
                    db.ChangeTracker.Clear();
                    return Refusal.Invalid(error);
                }

                await db.SaveChangesAsync(ct);
                if (isElsewhere)
                {
                    await syncs.EnqueueListAsync(list.Id, ct);
                }

                return list;
            },
            ct
        );

    /// <summary>
    /// After a change: what waited for where the list was goes the new way at once. It is no part of the change, since it waits for rows
    /// that the change holds.
    /// </summary>
    public async Task ReleaseAsync(ContactList before, ContactList now, CancellationToken ct)
    {
        if (now.ProviderListId != before.ProviderListId)
        {
            await outages.ReleasePartAsync(now.Id.ToString("N"), ct);
        }

        if (now.ConnectionId != before.ConnectionId && before.ConnectionId is { } connection)
        {
            // Perhaps nobody goes this way any more, who would notice that it works again.
            await outages.ReleasePartAsync(connection.ToString("N"), ct);
        }
    }

    /// <summary>
    /// A list that is archived takes nobody any more and stands in no menu; who is on it stays, with what they agreed to. It can be brought
    /// back.
    /// </summary>
    public Task<Result<ContactList>> ArchiveAsync(Guid? listId, bool archived, CancellationToken ct) =>
        db.WriteAsync<Result<ContactList>>(
            async () =>
            {
                if (await lists.LockAsync(listId, ct) is not { } list)
                {
                    return new Refusal(RefusalKind.Missing, "not_found", "There is no such list.");
                }

                list.ArchivedAt = archived ? list.ArchivedAt ?? clock.GetUtcNow().UtcDateTime : null;
                await db.SaveChangesAsync(ct);
                return list;
            },
            ct
        );

    /// <summary>Deletes a list that was never used: who was on one can prove it for years.</summary>
    public Task<Result<ContactList>> DeleteAsync(Guid listId, CancellationToken ct) =>
        db.WriteAsync<Result<ContactList>>(
            async () =>
                await lists.FindAsync(listId, ct) is not { } list
                    ? new Refusal(RefusalKind.Missing, "not_found", "There is no such list.")
                : await lists.DeleteUnusedAsync(listId, ct) ? list
                : new Refusal(
                    RefusalKind.Conflict,
                    "list_in_use",
                    "People are or were on this list, so it stays: what they agreed to, and what they refused, is proved by it. "
                        + "Archive it, so that nobody joins any more."
                ),
            ct
        );

    private async Task<string?> UnknownPurposeAsync(ContactList list, CancellationToken ct) =>
        await purposes.ExistsAsync(list.SiteId, list.Purpose, ct)
            ? null
            : $"The site has no purpose \"{list.Purpose}\". Choose one that it has.";

    /// <summary>A connection that the list's site may use.</summary>
    private async Task<Result<Connection>> ConnectionAsync(ContactList list, string connection, CancellationToken ct) =>
        await connections.FindAsync(PublicId.Parse(PublicId.Connection, connection), ct) is { Kind: ConnectionKind.List } row
        && (row.SiteId is null || row.SiteId == list.SiteId)
            ? row
            : Refusal.Invalid("connection", $"The site has no connection \"{connection}\" for lists. Choose one that it has.");

    /// <summary>Gives a list another connection to the same provider.</summary>
    private async Task<Refusal?> MoveAsync(ContactList list, string connection, CancellationToken ct)
    {
        if (connection == "off")
        {
            list.ConnectionId = null;
            return null;
        }

        if ((await ConnectionAsync(list, connection, ct)).IsRefused(out var why, out var row))
        {
            return why;
        }

        list.ConnectionId = row.Id;
        return row.Provider == list.Provider
            ? null
            : Refusal.Invalid("connection", $"The list is kept at {list.Provider}, and this is a connection to {row.Provider}.");
    }

    /// <returns>What is wrong with the template, as a sentence; null when nothing is.</returns>
    private async Task<string?> UseAsync(ContactList list, string? key, TemplateKind kind, CancellationToken ct)
    {
        if (key is null)
        {
            return null;
        }

        var id = await templates.LockAsync(list.SiteId, key, kind, ct);
        (list.ConfirmationTemplateId, list.WelcomeTemplateId) =
            kind == TemplateKind.Confirmation ? (id, list.WelcomeTemplateId) : (list.ConfirmationTemplateId, id);
        return id is null && key != "off" ? $"The site has no {CaseConverter.Lower(kind.ToString())} template \"{key}\"." : null;
    }

    private static string? Unless(string? given, string? known) =>
        given is null ? known
        : given == "off" ? null
        : given.Trim();
}
