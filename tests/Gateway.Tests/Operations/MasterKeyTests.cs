using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Operations;

/// <summary>The key outside the database, where several processes want one.</summary>
public sealed class MasterKeyTests : IDisposable
{
    private readonly TestDatabase _database = new();

    private string File => Path.Combine(_database.Folder, "master.pem");

    public void Dispose() => _database.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Two_that_start_at_the_same_moment_have_one_key(bool oneIsQuicker)
    {
        System.IO.File.Delete(File);
        await using var first = Start();
        await using var second = Start();
        if (oneIsQuicker)
        {
            await EnsureAsync(first);
            await EnsureAsync(second);
        }
        else
        {
            await Task.WhenAll(Task.Run(() => EnsureAsync(first)), Task.Run(() => EnsureAsync(second)));
        }

        ServiceProvider[] all = [second, first, Start()];
        var secrets = Array.ConvertAll(all, one => one.GetRequiredService<SecretEncryption>().Protect("secret"));

        await using var later = Start();
        Assert.All(secrets, secret => Assert.Equal("secret", later.GetRequiredService<SecretEncryption>().Unprotect(secret)));
        Assert.Single(all.Select(one => Convert.ToHexString(one.GetRequiredService<MasterKey>().Derive("a use"))).Distinct());
        Assert.Equal([File], Directory.GetFiles(_database.Folder, "master*"));
        await all[^1].DisposeAsync();
    }

    [Fact]
    public async Task A_new_key_is_not_made_where_the_database_needs_the_old_one()
    {
        await using (var before = Start())
        {
            before.GetRequiredService<SecretEncryption>().Protect("secret");
        }

        System.IO.File.Delete(File);
        await using var after = Start();

        await Assert.ThrowsAsync<StartupError>(() => EnsureAsync(after));
        Assert.False(System.IO.File.Exists(File));
    }

    private ServiceProvider Start()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection([new("ConnectionStrings:Gateway", _database.ConnectionString), new("Gateway:MasterKeyFile", File)])
            .Build();
        return new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddGatewayData(settings)
            .AddGatewaySecurity(settings)
            .BuildServiceProvider();
    }

    private static async Task EnsureAsync(ServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        await services
            .GetRequiredService<MasterKey>()
            .EnsureAsync(scope.ServiceProvider.GetRequiredService<GatewayDb>(), CancellationToken.None);
    }
}
