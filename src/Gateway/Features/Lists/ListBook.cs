using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

internal abstract record AddedList
{
    public sealed record Added(ContactList List) : AddedList;

    /// <param name="Reason">What to change, in a sentence.</param>
    public sealed record Refused(string Reason) : AddedList;
}

/// <summary>Adds lists, and only such as can be kept in step.</summary>
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
}
