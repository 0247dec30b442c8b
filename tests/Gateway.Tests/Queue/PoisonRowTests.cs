using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.OptIn;
using Gateway.Features.Sms;
using Gateway.Features.Submissions;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Queue;

/// <summary>
/// A row that ends the process is set aside after the second time, where people see it; whatever was only in flight beside it goes its way.
/// </summary>
[Trait("Database", "both")]
public sealed class PoisonRowTests : IAsyncLifetime, IAsyncDisposable
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly TestDatabase _database = new();
    private readonly Installation _installation;

    public PoisonRowTests() => _installation = new(_database.Settings);

    private static DateTime Now => TimeProvider.System.GetUtcNow().UtcDateTime;

    [Fact]
    public Task A_mail_that_ends_the_process_twice_is_set_aside() =>
        IsSetAsideAsync(
            at => new Message
            {
                Key = $"{at}",
                Template = "plain",
                Language = "en",
                Address = "somebody@shop.example",
                MessageId = "m",
            },
            (row, id) => row.Id = id
        );

    [Fact]
    public Task A_list_sync_that_ends_the_process_twice_is_set_aside() =>
        IsSetAsideAsync(_ => new ListSync { SubscriptionId = Guid.CreateVersion7() }, (row, id) => row.Id = id);

    [Fact]
    public async Task A_delivery_that_ends_the_process_twice_is_set_aside()
    {
        var hook = new Hook
        {
            Id = Guid.CreateVersion7(),
            Event = EventTypes.SubmissionReceived,
            Url = "https://hooks.example/",
            CreatedAt = Now,
        };
        await StoreAsync(hook);
        await IsSetAsideAsync(
            _ => new Delivery
            {
                HookId = hook.Id,
                EventId = Guid.CreateVersion7(),
                Host = "hooks.example",
            },
            (row, id) => row.Id = id
        );
    }

    [Fact]
    public Task An_sms_that_ends_the_process_twice_is_set_aside() =>
        IsSetAsideAsync(
            at => new SmsMessage
            {
                Key = $"{at}",
                ContentHash = [],
                Recipient = "+33612345678",
                Text = "Hello",
                Parts = 1,
                State = SmsState.Queued,
            },
            (row, id) => row.Id = id
        );

    [Fact]
    public Task A_submission_that_ends_the_process_twice_is_set_aside() =>
        IsSetAsideAsync(
            at => new Submission
            {
                Key = $"{at}",
                ContentHash = [],
                Body = "{}"u8.ToArray(),
            },
            (row, id) => row.Id = id
        );

    [Fact]
    public Task A_request_whose_end_ends_the_process_twice_is_set_aside() =>
        IsSetAsideAsync(_ => new OptInRequest { Language = "en", CodeHmac = [] }, (row, id) => row.Id = id);

    [Fact]
    public async Task What_a_process_leaves_that_lives_on_is_no_suspect()
    {
        var ids = await StoreThreeAsync(_ => new ListSync { SubscriptionId = Guid.CreateVersion7() }, (row, id) => row.Id = id);

        await InLeasesAsync(async leases =>
        {
            var taken = await leases.TakeAsync<ListSync>(10, Lease, default);
            await leases.SurvivedAsync();
            return taken;
        });
        await RunOutAsync<ListSync>(keepMark: true);

        Assert.Empty(await TakeAsync<ListSync>(suspects: true));
        Assert.Equal(ids.Order(), (await TakeAsync<ListSync>()).Select(row => row.Id).Order());
    }

    [Fact]
    public async Task What_is_alone_waits_for_all_others_and_lets_none_begin()
    {
        using var inFlight = ActivatorUtilities.CreateInstance<InFlight>(GatewayUnderTest.Shared.Services);
        var first = await inFlight.EnterAsync(default);
        var joined = inFlight.Join();
        var alone = inFlight.AloneAsync(TimeSpan.FromMinutes(1), default);
        var late = inFlight.EnterAsync(default);

        first.Dispose();
        Assert.False(alone.IsCompleted);
        joined.Dispose();
        var pass = await alone;
        Assert.False(late.IsCompleted);
        pass!.Dispose();

        // What takes too long is not waited for, and everybody goes on.
        using (await late)
        {
            Assert.Null(await inFlight.AloneAsync(TimeSpan.FromMilliseconds(1), default));
            (await inFlight.EnterAsync(default)).Dispose();
        }
    }

    [Fact]
    public async Task A_suspect_that_is_not_alone_any_more_is_not_blamed()
    {
        await StoreThreeAsync(_ => new ListSync { SubscriptionId = Guid.CreateVersion7() }, (row, id) => row.Id = id);
        await TakeAsync<ListSync>();
        await RunOutAsync<ListSync>();

        await InLeasesAsync(async leases =>
        {
            leases.Suspects = true;
            var taken = await leases.TakeAsync<ListSync>(10, Lease, default);
            await leases.NotAloneAsync();
            return taken;
        });
        await RunOutAsync<ListSync>();

        Assert.Equal(0, await _installation.InDatabaseAsync(db => db.ListSyncs.MaxAsync(row => row.Losses)));
        Assert.Single(await TakeAsync<ListSync>(suspects: true));
    }

    [Fact]
    public void A_process_that_was_just_started_tries_no_suspects()
    {
        using var inFlight = ActivatorUtilities.CreateInstance<InFlight>(GatewayUnderTest.Shared.Services);
        Assert.False(inFlight.IsTimeFor("mail"));

        inFlight.Settling = TimeSpan.Zero;
        Assert.True(inFlight.IsTimeFor("mail"));
        Assert.False(inFlight.IsTimeFor("mail"));
        Assert.True(inFlight.IsTimeFor("sms"));
    }

    [Fact]
    public void While_something_is_always_in_flight_the_others_wait_for_a_suspect_only_now_and_then()
    {
        using var inFlight = ActivatorUtilities.CreateInstance<InFlight>(GatewayUnderTest.Shared.Services);
        (inFlight.Settling, inFlight.Between) = (TimeSpan.Zero, TimeSpan.Zero);
        Assert.True(inFlight.IsTimeFor("mail"));

        inFlight.WasInVain("mail", TimeSpan.FromMinutes(1));
        inFlight.LookAgain("mail");
        Assert.False(inFlight.IsTimeFor("mail"));
        Assert.True(inFlight.IsTimeFor("sms"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        _database.Dispose();
    }

    private async Task IsSetAsideAsync<T>(Func<int, T> make, Action<T, Guid> name)
        where T : class, ILeased
    {
        var ids = await StoreThreeAsync(make, name);

        // A process ends while it holds all three.
        Assert.Equal(3, (await TakeAsync<T>()).Count);
        await RunOutAsync<T>();
        Assert.Empty(await TakeAsync<T>());

        // The first is innocent: alone, it comes to its end.
        var first = Assert.Single(await TakeAsync<T>(suspects: true));
        await SettleAsync<T>(first.Id);

        // The next ends its process, so it is not handed out again.
        var second = Assert.Single(await TakeAsync<T>(suspects: true));
        await RunOutAsync<T>();
        var third = Assert.Single(await TakeAsync<T>(suspects: true));
        await SettleAsync<T>(third.Id);
        Assert.Equal(ids.Order(), new[] { first.Id, second.Id, third.Id }.Order());

        var failed = Assert.Single(
            await _installation.InScopeAsync(scope => scope.GetRequiredService<FailedItems>().ListAsync(10, null, default))
        );
        Assert.Equal(ISetAside<T>.Code, failed.Code);
        Assert.Equal(ISetAside<T>.Reason, failed.Reason);
        Assert.Empty(await TakeAsync<T>(suspects: true));

        Assert.Null(
            await _installation.InScopeAsync(scope =>
                scope.GetRequiredService<FailedItems>().ReplayAsync(failed.Id, new(), "test", default)
            )
        );
        var again = Assert.Single(await TakeAsync<T>());
        Assert.Equal((second.Id, 0), (again.Id, again.Losses));
    }

    private async Task<List<Guid>> StoreThreeAsync<T>(Func<int, T> make, Action<T, Guid> name)
        where T : class, ILeased
    {
        var rows = Enumerable.Range(0, 3).Select(make).ToList();
        foreach (var row in rows)
        {
            name(row, Guid.CreateVersion7());
            row.DueAt = Now.AddMinutes(-1);
        }

        await StoreAsync([.. rows]);
        return rows.ConvertAll(row => row.Id);
    }

    private Task StoreAsync(params object[] rows) =>
        _installation.InScopeAsync(scope =>
        {
            var db = scope.GetRequiredService<GatewayDb>();
            return db.WriteAsync(
                () =>
                {
                    db.AddRange(rows);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            );
        });

    private Task<List<T>> TakeAsync<T>(bool suspects = false)
        where T : class, ILeased =>
        InLeasesAsync(leases =>
        {
            leases.Suspects = suspects;
            return leases.TakeAsync<T>(10, Lease, default);
        });

    private Task<T> InLeasesAsync<T>(Func<Leases, Task<T>> work) =>
        _installation.InScopeAsync(scope => work(scope.GetRequiredService<Leases>()));

    /// <summary>The time that a dead process's leases take to run out.</summary>
    private Task<int> RunOutAsync<T>(bool keepMark = false)
        where T : class, ILeased
    {
        var past = Now.AddMinutes(-1);
        return _installation.InDatabaseAsync(db =>
            db.Set<T>()
                .Where(row => row.DueAt != null && (keepMark || row.DueAt == row.LeasedUntil))
                .ExecuteUpdateAsync(set =>
                    set.SetProperty(
                            row => EF.Property<DateTime?>(row, nameof(ILeased.LeasedUntil)),
                            row => row.DueAt == row.LeasedUntil ? past : row.LeasedUntil
                        )
                        .SetProperty(row => EF.Property<DateTime?>(row, nameof(ILeased.DueAt)), past)
                )
        );
    }

    private Task<int> SettleAsync<T>(Guid id)
        where T : class, ILeased =>
        _installation.InDatabaseAsync(db =>
            db.Set<T>()
                .Where(row => row.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<DateTime?>(row, nameof(ILeased.DueAt)), (DateTime?)null))
        );
}
