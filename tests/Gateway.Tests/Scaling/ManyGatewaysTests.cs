using Gateway.Features.Mail;
using Gateway.Tests.Crash;
using Microsoft.EntityFrameworkCore;
using Xunit.Abstractions;

namespace Gateway.Tests.Scaling;

/// <summary>Several gateways on one PostgreSQL, started at the same moment on a database without a table.</summary>
[Trait("Run", "full")]
[Collection(Alone.Name)]
public sealed class ManyGatewaysTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    private PostgresServer? _server;
    private Fleet? _fleet;

    private Fleet Fleet => _fleet!;

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public async Task They_share_the_work_and_do_nothing_twice(int gateways)
    {
        await Fleet.StartAsync(gateways);

        await Fleet.SubmitAsync(gateways * 500);
        var all = await Fleet.AllReachTheirEndAsync();

        var workers = await Fleet.InDatabaseAsync(db =>
            db.Messages.GroupBy(row => row.LeasedBy).Select(group => group.Count()).ToListAsync()
        );
        output.WriteLine(
            $"{gateways} gateways: {all} submissions, {Fleet.Smtp.Mails.Count} mails, by each: {string.Join(", ", workers)}"
        );
        Assert.Equal(all, Fleet.Smtp.Mails.Count);
        Assert.Equal(gateways, workers.Count);
    }

    [Fact]
    public async Task One_that_is_killed_leaves_its_rows_to_the_other()
    {
        await Fleet.StartAsync(2);

        await Fleet.SubmitAsync(500);
        await Fleet.Gateways[0].KillAsync();
        var all = await Fleet.AllReachTheirEndAsync();

        // What was on its way when it died may leave again, with the same Message-ID.
        output.WriteLine($"{Fleet.Load.Acknowledged.Count} acknowledged of {all}, {Fleet.Smtp.Mails.Count} mails");
        Assert.Equal(all, Fleet.MessageIds().Distinct().Count());
    }

    public async Task InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _server.CreateDatabaseAsync("gateway");
        _fleet = new(_server.ConnectionString("gateway"));
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await _server!.DisposeAsync();
    }
}
