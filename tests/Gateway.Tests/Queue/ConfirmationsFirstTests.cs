using Gateway.Features.Mail;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Queue;

/// <summary>Somebody looks at the mailbox and waits: confirmation mails go before everything else, however much of it there is.</summary>
[Trait("Database", "both")]
public sealed class ConfirmationsFirstTests : IDisposable
{
    /// <summary>More than are looked at to let sites take turns.</summary>
    private const int Many = 5_200;

    private readonly TestDatabase _database = new();

    [Fact]
    public async Task A_confirmation_is_in_the_next_batch_though_thousands_of_its_own_site_are_due_longer()
    {
        await using var replica = await Replica.StartAsync(_database);
        var site = await replica.AddSiteAsync();
        await StoreAsync(replica, site);
        replica.Clock.Advance(TimeSpan.FromMinutes(1));
        await site.SignUpAsync("late@shop.example");
        await replica.WorkAsync<ProcessSubmissions>();

        await replica.InScopeAsync<SendMessages, int>(worker => worker.RunBatchAsync(CancellationToken.None));

        var sent = await replica.InDatabaseAsync(db => db.Messages.Where(row => row.State == MessageState.Sent).ToListAsync());
        Assert.Single(sent, row => row.RequestId is not null);

        // And the rest of the batch is what is due longest.
        Assert.Equal(
            Enumerable.Range(0, sent.Count - 1).Select(at => $"bulk-{at:D5}"),
            sent.Where(row => row.RequestId is null).Select(row => row.Key).Order(StringComparer.Ordinal)
        );
        Assert.InRange(sent.Count, 2, Many);
    }

    public void Dispose() => _database.Dispose();

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
