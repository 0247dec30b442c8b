using Gateway.Features.Mail;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Queue;

/// <summary>Somebody looks at the mailbox and waits: confirmation mails go before everything else, however much of it there is.</summary>
[Trait("Database", "both")]
public sealed class ConfirmationsFirstTests : IDisposable
{
    /// <summary>More than are looked at to let sites take turns.</summary>
    private const int Many = 5_200;

    private readonly TestDatabase _database = new();

    [Fact]
    public async Task A_confirmation_is_the_next_batch_though_thousands_of_its_own_site_are_due_longer()
    {
        await using var replica = await Replica.StartAsync(_database);
        var site = await replica.AddSiteAsync();
        await StoreAsync(replica, site);
        replica.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.SignUpAsync("late@shop.example");
        await replica.WorkAsync<ProcessSubmissions>();

        await RunBatchAsync(replica);
        Assert.NotNull(Assert.Single(await SentAsync(replica)).RequestId);

        // What comes then is what is due longest.
        await RunBatchAsync(replica);
        var others = (await SentAsync(replica)).Where(row => row.RequestId is null).Select(row => row.Key).ToList();
        Assert.Equal(Enumerable.Range(0, SendMessages.Batch).Select(at => $"bulk-{at:D5}"), others.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task While_as_many_batches_of_others_are_under_way_as_may_be_a_confirmation_leaves_and_nothing_else()
    {
        await using var replica = await Replica.StartAsync(_database);
        var site = await replica.AddSiteAsync();
        await StoreAsync(replica, site);
        var others = replica.Services.GetRequiredService<OtherMails>();
        using var one = others.TryEnter();
        using (others.TryEnter())
        {
            replica.Clock.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(0, await RunBatchAsync(replica));
            Assert.Null(await replica.InScopeAsync<SendMessages, DateTime?>(worker => worker.NextDueAsync(CancellationToken.None)));

            await site.SignUpAsync("late@shop.example");
            await replica.WorkAsync<ProcessSubmissions>();
            Assert.NotNull(await replica.InScopeAsync<SendMessages, DateTime?>(worker => worker.NextDueAsync(CancellationToken.None)));
            await RunBatchAsync(replica);
            Assert.NotNull(Assert.Single(await SentAsync(replica)).RequestId);
        }

        Assert.Equal(SendMessages.Batch, await RunBatchAsync(replica));
    }

    public void Dispose() => _database.Dispose();

    private static Task<int> RunBatchAsync(Replica replica) =>
        replica.InScopeAsync<SendMessages, int>(worker => worker.RunBatchAsync(CancellationToken.None));

    private static Task<List<Message>> SentAsync(Replica replica) =>
        replica.InDatabaseAsync(db => db.Messages.Where(row => row.State == MessageState.Sent).ToListAsync());

    private static Task StoreAsync(Replica replica, ReplicaSite site) =>
        replica.InScopeAsync<SecretEncryption, int>(secrets =>
        {
            var variables = MessageVariables.Protect(new() { ["subject"] = "Hello", ["body"] = "Hello." }, secrets);
            var now = replica.Clock.GetUtcNow().UtcDateTime;
            var rows = Enumerable
                .Range(0, Many)
                .Select(at => new Message
                {
                    Id = Guid.CreateVersion7(),
                    SiteId = site.Row.Id,
                    Key = $"bulk-{at:D5}",
                    Template = "plain",
                    Language = "en",
                    Address = $"person-{at}@shop.example",
                    Variables = variables,
                    MessageId = $"bulk{at}",
                    CreatedAt = now,
                    DueAt = now.AddMilliseconds(at),
                })
                .ToList();
            return replica.InDatabaseAsync(db =>
                db.WriteAsync(() => db.InsertNewAsync(rows, CancellationToken.None), CancellationToken.None)
            );
        });
}
