using Gateway.Features.Lists;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Queue;

/// <summary>A site with much that waits delays no other: of what is due each site's oldest comes first.</summary>
[Trait("Database", "both")]
public sealed class SiteTurnsTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly Guid Busy = Guid.CreateVersion7();
    private static readonly Guid Small = Guid.CreateVersion7();

    private readonly TestDatabase _database = new();
    private readonly Installation _installation;

    public SiteTurnsTests() => _installation = new(_database.Settings);

    [Fact]
    public async Task Whoever_comes_last_with_one_is_in_the_next_batch_and_the_oldest_of_the_others_too()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var many = Enumerable.Range(0, 300).Select(at => Row(Busy, now.AddHours(-1).AddSeconds(at))).ToList();
        var few = Enumerable.Range(0, 2).Select(at => Row(Small, now.AddMinutes(-1).AddSeconds(at))).ToList();
        await StoreAsync([.. many, .. few]);

        var first = await TakeAsync(100);
        var second = await TakeAsync(100);

        Assert.Equal(few.Concat(many.Take(98)).Select(row => row.Id).Order(), first.Select(row => row.Id).Order());
        Assert.Equal(many.Skip(98).Take(100).Select(row => row.Id).Order(), second.Select(row => row.Id).Order());
    }

    [Fact]
    public async Task Two_who_take_at_the_same_moment_get_different_rows_and_leave_none()
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-1);
        await StoreAsync([.. Enumerable.Range(0, 200).Select(at => Row(at % 3 == 0 ? Small : Busy, now))]);

        var taken = new List<Guid>();
        while (taken.Count < 200)
        {
            var both = await Task.WhenAll(TakeAsync(30), TakeAsync(30));
            Assert.NotEmpty(both.SelectMany(rows => rows));
            taken.AddRange(both.SelectMany(rows => rows).Select(row => row.Id));
        }

        Assert.Equal(200, taken.Distinct().Count());
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private static ListSync Row(Guid site, DateTime due) =>
        new()
        {
            Id = Guid.CreateVersion7(),
            SiteId = site,
            SubscriptionId = Guid.CreateVersion7(),
            DueAt = due,
        };

    private Task StoreAsync(IReadOnlyCollection<ListSync> rows) =>
        _installation.InScopeAsync(services =>
        {
            var db = services.GetRequiredService<GatewayDb>();
            return db.WriteAsync(
                () =>
                {
                    db.AddRange(rows);
                    return db.SaveChangesAsync();
                },
                default
            );
        });

    private Task<List<ListSync>> TakeAsync(int max) =>
        _installation.InScopeAsync(services =>
            services.GetRequiredService<Leases>().TakeAsync<ListSync>(max, TimeSpan.FromHours(1), default)
        );
}
