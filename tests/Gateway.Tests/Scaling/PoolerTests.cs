using Gateway.Tests.Crash;

namespace Gateway.Tests.Scaling;

/// <summary>Gateways behind PgBouncer in transaction mode, where each transaction may meet another session of PostgreSQL.</summary>
[Trait("Run", "full")]
[Collection(Alone.Name)]
public sealed class PoolerTests : IAsyncLifetime, IAsyncDisposable
{
    private PostgresServer? _server;
    private PgBouncer? _pooler;
    private Fleet? _fleet;

    private Fleet Fleet => _fleet!;

    [Fact]
    public async Task Two_gateways_start_take_in_and_send_as_they_do_without_it()
    {
        await Fleet.StartAsync(2);

        await Fleet.SubmitAsync(1_000);
        var all = await Fleet.AllReachTheirEndAsync();

        Assert.Empty(Fleet.Load.Refused);
        Assert.Equal(all, Fleet.Smtp.Mails.Count);
    }

    [Fact]
    public async Task What_does_not_go_through_it_stops_the_start_with_a_sentence()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-pooled-");
        await using var gateway = GatewayProcess.Start(_pooler!.ConnectionString("gateway") + ";Max Auto Prepare=20", folder.FullName);

        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => gateway.Listening);

        folder.Delete(recursive: true);
        Assert.Contains("leads to a pooler such as PgBouncer", ended.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Message, StringComparison.Ordinal);
    }

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _server.CreateDatabaseAsync("gateway");
        _pooler = await PgBouncer.StartAsync(_server);
        _fleet = new(_pooler.ConnectionString("gateway"));
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await _pooler!.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
