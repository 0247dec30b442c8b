using Gateway.Features.Contacts;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>What is to be different about a list; null stays, and <c>off</c> is none of its own.</summary>
internal sealed record ListSettings(string? Name, string? FromEmail, bool? Welcome, string? ConfirmationTemplate, string? WelcomeTemplate);

internal abstract record AddedList
{
    public sealed record Added(ContactList List) : AddedList;

    /// <param name="Reason">What to change, in a sentence.</param>
    public sealed record Refused(string Reason) : AddedList;
}

/// <summary>Adds and changes lists, and only such as can be kept in step.</summary>
internal sealed class ListBook(GatewayDb db, ListProviders providers, TimeProvider clock)
{
    private const int LongestName = 200;

    /// <param name="provider">The key of a provider; null means a local list.</param>
    /// <param name="providerListId">The list's id at the provider; null for a local list.</param>
    /// <param name="fromEmail">The sender of the list's mails; null means the site's.</param>
    public async Task<AddedList> AddAsync(
        Guid siteId, string name, string? provider, string? providerListId, string? fromEmail, bool welcome, CancellationToken ct)
    {
        var key = string.IsNullOrWhiteSpace(provider) ? LocalLists.Key : provider.Trim().ToLowerInvariant();
        var fault = name.Trim().Length is 0 or > LongestName ? $"A list needs a name of at most {LongestName} characters."
            : fromEmail is not null && EmailAddress.Parse(fromEmail) is null ? $"\"{fromEmail}\" is not an address that mail can be sent from."
            : providers.Find(key, providerListId).Fault;
        if (fault is null && !await db.Sites.AnyAsync(site => site.Id == siteId, ct))
        {
            fault = "There is no such site.";
        }

        if (fault is not null)
        {
            return new AddedList.Refused(fault);
        }

        var now = clock.GetUtcNow();
        var list = new ContactList
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Name = name.Trim(),
            FromEmail = fromEmail?.Trim(),
            Provider = key,
            ProviderListId = providerListId,
            Welcome = welcome,
            CreatedAt = now.UtcDateTime,
        };
        await db.WriteAsync(() => db.InsertNewAsync([list], ct), ct);
        return new AddedList.Added(list);
    }

    public async Task<AddedList> ChangeAsync(Guid? listId, ListSettings change, CancellationToken ct)
    {
        if (await db.Lists.AsNoTracking().SingleOrDefaultAsync(one => one.Id == listId, ct) is not { } list)
        {
            return new AddedList.Refused("There is no such list.");
        }

        list.Name = change.Name?.Trim() ?? list.Name;
        list.FromEmail = Unless(change.FromEmail, list.FromEmail);
        list.Welcome = change.Welcome ?? list.Welcome;
        if (list.Name.Length is 0 or > LongestName || (list.FromEmail is not null && EmailAddress.Parse(list.FromEmail) is null))
        {
            return new AddedList.Refused($"A list needs a name of at most {LongestName} characters, and its sender is one email address.");
        }

        return await db.WriteAsync(
            async () =>
            {
                var fault = await UseAsync(list, change.ConfirmationTemplate, TemplateKind.Confirmation, ct) ?? await UseAsync(list, change.WelcomeTemplate, TemplateKind.Welcome, ct);
                if (fault is not null)
                {
                    return new AddedList.Refused(fault);
                }

                await db.Lists.Where(one => one.Id == list.Id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(one => one.Name, list.Name)
                        .SetProperty(one => one.FromEmail, list.FromEmail)
                        .SetProperty(one => one.Welcome, list.Welcome)
                        .SetProperty(one => one.ConfirmationTemplateId, list.ConfirmationTemplateId)
                        .SetProperty(one => one.WelcomeTemplateId, list.WelcomeTemplateId),
                    ct);
                return (AddedList)new AddedList.Added(list);
            },
            ct);
    }

    /// <returns>What is wrong with the template, as a sentence; null when nothing is.</returns>
    private async Task<string?> UseAsync(ContactList list, string? key, TemplateKind kind, CancellationToken ct)
    {
        if (key is null)
        {
            return null;
        }

        // A statement that changes nothing holds the row, so that it is not deleted at this moment.
        var mine = db.Templates.Where(template => template.SiteId == list.SiteId && template.Key == key && template.Kind == kind);
        await mine.ExecuteUpdateAsync(set => set.SetProperty(template => template.Name, template => template.Name), ct);
        var id = await mine.Select(template => (Guid?)template.Id).SingleOrDefaultAsync(ct);
        (list.ConfirmationTemplateId, list.WelcomeTemplateId) = kind == TemplateKind.Confirmation ? (id, list.WelcomeTemplateId) : (list.ConfirmationTemplateId, id);
        return id is null && key != "off" ? $"The site has no {Words.Lower(kind.ToString())} template \"{key}\"." : null;
    }

    private static string? Unless(string? given, string? known) => given is null ? known : given == "off" ? null : given.Trim();
}
