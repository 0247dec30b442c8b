using Gateway.Features.Contacts;
using Gateway.Features.Sites;

namespace Gateway.Demo;

/// <summary>The site and the list of the demo form.</summary>
internal sealed class DemoSite(IServiceScopeFactory scopes, TimeProvider clock)
{
    public static readonly Guid SiteId = new("019a0000-0000-7000-8000-000000000001");
    public static readonly Guid ListId = new("019a0000-0000-7000-8000-000000000002");

    /// <summary>Adds them on the first start.</summary>
    public async Task EnsureAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<SiteStore>().ExistsAsync(SiteId, ct))
        {
            return;
        }

        await scope
            .ServiceProvider.GetRequiredService<SiteCredentials>()
            .AddSiteAsync(
                new()
                {
                    Id = SiteId,
                    Name = "Demo Shop",
                    FromEmail = "hello@demo.example",
                    Colour = "#0b6e4f",
                },
                ct
            );
        var list = new ContactList
        {
            Id = ListId,
            SiteId = SiteId,
            Name = "Newsletter",
            Welcome = true,
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        };
        await scope.ServiceProvider.GetRequiredService<ListStore>().AddAsync(list, ct);
    }
}
