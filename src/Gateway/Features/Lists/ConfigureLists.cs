using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists;

/// <summary>What is to be different about a list; null stays, and <c>off</c> is none of its own.</summary>
/// <param name="ProviderListId">The list's id at the provider, such as after it was deleted there and made anew.</param>
internal sealed record ListSettings(
    string? Name,
    string? FromEmail,
    bool? Welcome,
    string? ConfirmationTemplate,
    string? WelcomeTemplate,
    string? ProviderListId = null
);

/// <summary>Adds and changes lists, and only such as can be kept in step.</summary>
internal sealed class ConfigureLists(
    GatewayDb db,
    SiteStore sites,
    ListStore lists,
    TemplateStore templates,
    ListProviders providers,
    ListSyncQueue syncs,
    TimeProvider clock
)
{
    private const int MaxName = 200;

    /// <param name="provider">The key of a provider; null means a local list.</param>
    /// <param name="providerListId">The list's id at the provider; null for a local list.</param>
    /// <param name="fromEmail">The sender of the list's mails; null means the site's.</param>
    public async Task<Result<ContactList>> AddAsync(
        Guid siteId,
        string name,
        string? provider,
        string? providerListId,
        string? fromEmail,
        bool welcome,
        CancellationToken ct
    )
    {
        var key = string.IsNullOrWhiteSpace(provider) ? LocalLists.Key : provider.Trim().ToLowerInvariant();
        var error =
            name.Trim().Length is 0 or > MaxName ? $"A list needs a name of at most {MaxName} characters."
            : fromEmail is not null && AddressRules.Error("The sender", fromEmail) is { } notOne ? notOne
            : providers.Find(key, providerListId).IsRefused(out var unfit, out _) ? unfit.Message
            : null;
        if (error is null && !await sites.ExistsAsync(siteId, ct))
        {
            error = "There is no such site.";
        }

        if (error is not null)
        {
            return Refusal.Invalid(error);
        }

        var now = clock.GetUtcNow();
        var list = new ContactList
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Name = name.Trim(),
            FromEmail = EmailAddress.Parse(fromEmail)?.Text,
            Provider = key,
            ProviderListId = providerListId,
            Welcome = welcome,
            CreatedAt = now.UtcDateTime,
        };
        await lists.AddAsync(list, ct);
        return list;
    }

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
                var before = list.ProviderListId;
                list.ProviderListId = change.ProviderListId?.Trim() ?? before;
                var error =
                    list.Name.Length is 0 or > MaxName ? $"A list needs a name of at most {MaxName} characters."
                    : list.FromEmail is not null && AddressRules.Error("The sender", list.FromEmail) is { } unfit ? unfit
                    : list.ProviderListId != before && providers.Find(list.Provider, list.ProviderListId).IsRefused(out var why, out _)
                        ? why.Message
                    : await UseAsync(list, change.ConfirmationTemplate, TemplateKind.Confirmation, ct)
                        ?? await UseAsync(list, change.WelcomeTemplate, TemplateKind.Welcome, ct);
                if (error is not null)
                {
                    db.ChangeTracker.Clear();
                    return Refusal.Invalid(error);
                }

                await db.SaveChangesAsync(ct);
                if (list.ProviderListId != before)
                {
                    await syncs.EnqueueListAsync(list.Id, ct);
                }

                return list;
            },
            ct
        );

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
