using Gateway.Infrastructure.Data;

namespace Gateway.Features.Lists;

/// <summary>Adds lists.</summary>
internal sealed class ListBook(GatewayDb db, TimeProvider clock)
{
    /// <returns>The list, or a sentence that says what is wrong.</returns>
    public async Task<(ContactList? List, string? Fault)> AddAsync(
        Guid siteId, string name, string provider, string? providerListId, string? fromEmail, bool welcome, CancellationToken ct)
    {
        var list = new ContactList
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            SiteId = siteId,
            Name = name.Trim(),
            FromEmail = fromEmail,
            Provider = provider,
            ProviderListId = providerListId,
            Welcome = welcome,
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        };
        await db.WriteAsync(() => db.InsertNewAsync([list], ct), ct);
        return (list, null);
    }
}
