using System.Net;
using Gateway.Infrastructure.Http;

namespace Gateway.Tests.Http;

public sealed class SystemNamesTests
{
    [Fact]
    public async Task Dead_names_that_many_want_leave_room_for_others()
    {
        var never = new TaskCompletionSource<IPAddress[]>();
        var lookUps = 0;
        using var names = new SystemNames(host =>
        {
            Interlocked.Increment(ref lookUps);
            return host == "alive.test" ? Task.FromResult<IPAddress[]>([IPAddress.Loopback]) : never.Task;
        });
        using var enough = new CancellationTokenSource();
        var waiting = Enumerable.Range(0, 80).Select(at => names.ResolveAsync($"dead{at % 10}.test", enough.Token)).ToList();

        Assert.Equal(
            IPAddress.Loopback,
            Assert.Single(await names.ResolveAsync("alive.test", CancellationToken.None).WaitAsync(Hosting.Eventually.Patience))
        );
        Assert.Equal(11, lookUps);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_name_is_looked_up_anew_once_its_search_has_ended()
    {
        var lookUps = 0;
        using var names = new SystemNames(_ =>
            Interlocked.Increment(ref lookUps) == 1
                ? throw new System.Net.Sockets.SocketException()
                : Task.FromResult<IPAddress[]>([IPAddress.Loopback])
        );

        await Assert.ThrowsAsync<System.Net.Sockets.SocketException>(() => names.ResolveAsync("later.test", CancellationToken.None));
        Assert.Single(await names.ResolveAsync("later.test", CancellationToken.None));
        Assert.Single(await names.ResolveAsync("later.test", CancellationToken.None));
        Assert.Equal(3, lookUps);
    }
}
