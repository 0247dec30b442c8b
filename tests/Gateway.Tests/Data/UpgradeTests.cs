using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Data;

/// <summary>An installation of an earlier version keeps its rows when it is brought up to date.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TestDatabase _database = new(migrated: false);

    [Fact]
    public async Task Messages_of_the_first_version_are_still_there_after_the_upgrade()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:Gateway", _database.ConnectionString)]).Build();
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddGatewayData(configuration).BuildServiceProvider();
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var (message, contact, list, site) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;

        await db.GetService<IMigrator>().MigrateAsync("Initial");
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into messages (id, site_id, key, template, language, contact_id, list_id, state, message_id, created_at, attempts, failures)
            values ({message}, {site}, 'optin:1', 'confirmation', 'en', {contact}, {list}, 'sent', 'abc', {now}, 1, 0)
            """);
        await db.GetService<IMigrator>().MigrateAsync();

        var kept = await db.Messages.AsNoTracking().SingleAsync(row => row.ContactId == contact);
        Assert.Equal((message, list, site), (kept.Id, kept.ListId, kept.SiteId));
        Assert.False(db.Database.HasPendingModelChanges());
    }

    public void Dispose() => _database.Dispose();
}
