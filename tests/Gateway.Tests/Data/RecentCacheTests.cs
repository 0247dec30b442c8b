using System.ComponentModel;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Data;

public sealed class RecentCacheTests : IAsyncDisposable
{
    private static readonly Guid Id = Guid.Parse("00000000-0000-0000-0000-000000000001");

    private readonly TestClock clock = new();
    private readonly ServiceProvider services;
    private readonly RecentCache cache;
    private int reads;

    public RecentCacheTests()
    {
        services = new ServiceCollection().AddSingleton<TimeProvider>(clock).AddRecentCache().BuildServiceProvider();
        cache = services.GetRequiredService<RecentCache>();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    [Fact]
    public async Task What_was_read_is_the_same_object_until_its_seconds_are_over()
    {
        var first = await FindAsync(_ => Task.FromResult<Thing?>(new("a")));
        var second = await FindAsync(_ => Task.FromResult<Thing?>(new("b")));
        clock.Advance(TimeSpan.FromSeconds(11));
        var third = await FindAsync(_ => Task.FromResult<Thing?>(new("c")));

        Assert.Same(first, second);
        Assert.Equal("c", third?.Name);
    }

    [Fact]
    public async Task Many_who_ask_at_once_wait_for_one_read()
    {
        var held = new TaskCompletionSource<Thing?>();
        var asking = Enumerable.Range(0, 20).Select(_ => FindAsync(_ => held.Task)).ToList();
        held.SetResult(new("a"));

        Assert.Single((await Task.WhenAll(asking)).Distinct());
        Assert.Equal(1, reads);
    }

    [Fact]
    public async Task Who_asks_after_a_change_does_not_get_a_read_that_began_before_it()
    {
        var began = new TaskCompletionSource();
        var held = new TaskCompletionSource<Thing?>();
        var before = FindAsync(_ =>
        {
            began.SetResult();
            return held.Task;
        });
        await began.Task;
        cache.Forget<Thing>(Id);
        var after = await FindAsync(_ => Task.FromResult<Thing?>(new("new")));
        held.SetResult(new("old"));

        Assert.Equal("old", (await before)?.Name);
        Assert.Equal("new", after?.Name);
        Assert.Same(after, await FindAsync(_ => Task.FromResult<Thing?>(new("newer"))));
    }

    [Fact]
    public async Task What_is_not_there_and_what_could_not_be_read_is_asked_for_again()
    {
        Assert.Null(await FindAsync(_ => Task.FromResult<Thing?>(null)));
        await Assert.ThrowsAsync<TimeoutException>(() => FindAsync(_ => Task.FromException<Thing?>(new TimeoutException())));

        Assert.Equal("a", (await FindAsync(_ => Task.FromResult<Thing?>(new("a"))))?.Name);
        Assert.Equal(3, reads);
    }

    private async Task<Thing?> FindAsync(Func<CancellationToken, Task<Thing?>> read) =>
        await cache.FindAsync(
            Id,
            async (_, ct) =>
            {
                Interlocked.Increment(ref reads);
                return await read(ct);
            },
            RecentCache.Seconds,
            CancellationToken.None
        );

    [ImmutableObject(true)]
    private sealed record Thing(string Name);
}
