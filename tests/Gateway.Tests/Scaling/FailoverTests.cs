using System.Diagnostics;
using System.Net;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;
using Xunit.Abstractions;

namespace Gateway.Tests.Scaling;

/// <summary>PostgreSQL's primary dies under load, and its synchronous standby is promoted.</summary>
[Trait("Run", "full")]
[Collection(Alone.Name)]
public sealed class FailoverTests(ITestOutputHelper output) : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(10);

    private PostgresServer? _primary;
    private PostgresServer? _standby;
    private Fleet? _fleet;

    private Fleet Fleet => _fleet!;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_and_the_next_is_within_ten_seconds_of_the_promotion()
    {
        await Fleet.StartAsync(2);
        var ending = false;
        var load = Task.WhenAll(
            Fleet.Gateways.Select(async gateway =>
                await Fleet.Load.RunAsync(await gateway.Listening, atMost: 1_000_000, () => Volatile.Read(ref ending))
            )
        );
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Fleet.Load.Acknowledged.Count >= 1_000));

        await _primary!.KillAsync();
        await Eventually.BecomesTrueAsync(() =>
            Task.FromResult(Fleet.Load.Refused.GetValueOrDefault(HttpStatusCode.ServiceUnavailable) > 0)
        );
        await _standby!.PromoteAsync();
        var (promoted, before) = (Stopwatch.GetTimestamp(), Fleet.Load.Acknowledged.Count);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(Fleet.Load.Acknowledged.Count > before));
        var first = Stopwatch.GetElapsedTime(promoted);

        await Eventually.BecomesTrueAsync(() => Task.FromResult(Fleet.Load.Acknowledged.Count > before + 500));
        Volatile.Write(ref ending, true);
        await load;
        output.WriteLine(
            $"{before} acknowledged before, first 202 {first.TotalMilliseconds:F0} ms after the promotion, answers beside 202: "
                + string.Join(", ", Fleet.Load.Refused.Select(one => $"{(int)one.Key} {one.Value} times"))
        );
        await Fleet.AllReachTheirEndAsync();
        output.WriteLine(
            $"{Fleet.Load.Acknowledged.Count} acknowledged in all, each there and done, {Stopwatch.GetElapsedTime(promoted)}"
        );

        Assert.Equal(Fleet.Load.Acknowledged.Count, Fleet.Load.Acknowledged.Values.Distinct().Count());
        Assert.InRange(first, TimeSpan.Zero, Goal);
        Assert.Equal([HttpStatusCode.ServiceUnavailable], Fleet.Load.Refused.Keys);
    }

    public async Task InitializeAsync()
    {
        _primary = await PostgresServer.StartAsync();
        await _primary.CreateDatabaseAsync("gateway");
        _standby = await _primary.AddStandbyAsync();
        _fleet = new(_primary.ConnectionString("gateway", _standby));
    }

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await Fleet.DisposeAsync();
        await _standby!.DisposeAsync();
        await _primary!.DisposeAsync();
    }
}
