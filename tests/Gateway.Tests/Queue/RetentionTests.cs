using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Features.Submissions;
using Gateway.Features.Webhooks;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Queue;

/// <summary>What is done goes after its time; what waits, failed or proves something stays.</summary>
[Trait("Database", "both")]
public sealed class RetentionTests : IDisposable
{
    private readonly TestDatabase _database = new();
    private readonly TestClock _clock = new();

    [Fact]
    public async Task What_is_settled_and_old_goes_and_everything_else_stays()
    {
        await using var gateway = await Replica.StartAsync(_database, _clock);
        var site = await gateway.AddSiteAsync();
        await site.SignUpAsync("done@example.org");
        await site.SignUpAsync([.. Enumerable.Range(0, 30).Select(number => $"person-{number}@example.org")]);
        await gateway.WorkAsync();
        await site.SignUpAsync("waits@example.org");
        var failed = await AddAsync(gateway, site.Row.Id);
        var requests = (await site.RequestsAsync()).Count;
        var mails = await gateway.InDatabaseAsync(db => db.Messages.CountAsync(row => row.State == MessageState.Sent));

        _clock.Advance(TimeSpan.FromDays(399));
        Assert.Equal(0, await PassAsync(gateway));
        await site.SignUpAsync("young@example.org");
        _clock.Advance(TimeSpan.FromDays(2));
        var deleted = await PassAsync(gateway);

        var left = await gateway.InDatabaseAsync(db =>
            db.Submissions.AsNoTracking().OrderBy(row => row.Id).Select(row => row.State).ToListAsync()
        );
        Assert.Equal([SubmissionState.Waiting, SubmissionState.Failed, SubmissionState.Waiting], left);
        Assert.Equal([failed.Message], await gateway.InDatabaseAsync(db => db.Messages.Select(row => row.Id).ToListAsync()));
        Assert.Equal([failed.Sms], await gateway.InDatabaseAsync(db => db.Sms.Select(row => row.Id).ToListAsync()));
        Assert.Equal(
            [failed.Event],
            await gateway.InDatabaseAsync(db => db.Events.Where(row => row.DueAt == null).Select(row => row.Id).ToListAsync())
        );
        Assert.Equal([failed.Delivery], await gateway.InDatabaseAsync(db => db.Deliveries.Select(row => row.Id).ToListAsync()));
        Assert.Equal("unclear", await gateway.InDatabaseAsync(db => db.InboundEvents.Select(row => row.Status).SingleAsync()));
        Assert.Equal(requests, (await site.RequestsAsync()).Count);
        Assert.InRange(mails, 1, 31);
        Assert.Equal(31 + mails + 4, deleted);
        var forgotten = await gateway.InDatabaseAsync(db =>
            db.Database.SqlQuery<int>(
                    $"""
                    select cast(count(*) as int) as "Value" from submission_addresses
                    where submission_id not in (select id from submissions)
                    """
                )
                .SingleAsync()
        );
        Assert.Equal(0, forgotten);
    }

    [Fact]
    public async Task A_site_may_keep_longer_or_shorter_than_the_others()
    {
        await using var gateway = await Replica.StartAsync(_database, _clock, ("Retention__Days", "60"));
        var usual = await gateway.AddSiteAsync();
        var shorter = await gateway.AddSiteAsync(change: site => site.KeepDays = 30);
        var longer = await gateway.AddSiteAsync(change: site => site.KeepDays = 3650);
        foreach (var site in new[] { longer, usual, shorter })
        {
            await site.SignUpAsync("ann@example.org");
        }

        await gateway.WorkAsync<ProcessSubmissions>();

        _clock.Advance(TimeSpan.FromDays(31));
        await PassAsync(gateway);
        Assert.Equal(new[] { longer.Row.Id, usual.Row.Id }.Order(), await SitesAsync(gateway));

        _clock.Advance(TimeSpan.FromDays(30));
        await PassAsync(gateway);
        Assert.Equal([longer.Row.Id], await SitesAsync(gateway));
    }

    [Fact]
    public async Task The_days_of_a_site_are_set_within_bounds()
    {
        await using var installation = new Installation(_database.Settings);
        var site = (await installation.RunAsync("site", "add", "Shop")).GetProperty("site").GetString()!;

        var kept = (await installation.RunAsync("site", "set", site, "--keep-days", "90")).GetProperty("keepDays").GetInt32();
        var refused = await installation.TryAsync("site", "set", site, "--keep-days", "7");
        var nonsense = await installation.TryAsync("site", "set", site, "--keep-days", "soon");
        var off = (await installation.RunAsync("site", "set", site, "--keep-days", "off")).GetProperty("keepDays");

        Assert.Equal((90, 1, 1), (kept, refused.Code, nonsense.Code));
        Assert.Contains("--keep-days is a number from 30 to 3650", refused.Error, StringComparison.Ordinal);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, off.ValueKind);
    }

    public void Dispose() => _database.Dispose();

    private sealed record Kept(Guid Message, Guid Sms, Guid Event, Guid Delivery);

    /// <summary>One of each kind that failed, and one that is done.</summary>
    private Task<Kept> AddAsync(Replica gateway, Guid site) =>
        gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                async () =>
                {
                    Guid Id() => Guid.CreateVersion7(_clock.GetUtcNow());
                    var kept = new Kept(Id(), Id(), Id(), Id());
                    Event EventOf(Guid id) =>
                        new()
                        {
                            Id = id,
                            SiteId = site,
                            Type = "test",
                            Data = "{}",
                        };
                    Delivery DeliveryOf(Guid id, Guid of, DeliveryState state) =>
                        new()
                        {
                            Id = id,
                            SiteId = site,
                            HookId = Id(),
                            EventId = of,
                            Host = "hook",
                            State = state,
                        };
                    SmsMessage SmsOf(Guid id, SmsState state) =>
                        new()
                        {
                            Id = id,
                            SiteId = site,
                            Key = id.ToString(),
                            ContentHash = [1],
                            Recipient = "+33612345678",
                            Text = "Hi",
                            State = state,
                        };
                    InboundEvent Inbound(string status) =>
                        new()
                        {
                            Id = Id(),
                            SiteId = site,
                            Provider = "twilio",
                            Key = status,
                            Status = status,
                            Body = [1],
                        };
                    await db
                        .Messages.Where(row => row.DueAt != null)
                        .ExecuteUpdateAsync(set =>
                            set.SetProperty(row => row.DueAt, (DateTime?)null).SetProperty(row => row.State, MessageState.Sent)
                        );
                    db.AddRange(
                        new Submission
                        {
                            Id = Id(),
                            SiteId = site,
                            Key = "failed",
                            ContentHash = [1],
                            Body = "{}"u8.ToArray(),
                            State = SubmissionState.Failed,
                            FailureCode = "unknown_list",
                        },
                        new Message
                        {
                            Id = kept.Message,
                            SiteId = site,
                            Key = "failed",
                            Template = "plain",
                            Language = "en",
                            MessageId = "x",
                            State = MessageState.Failed,
                        },
                        SmsOf(kept.Sms, SmsState.Unknown),
                        SmsOf(Id(), SmsState.Delivered),
                        Inbound("unclear"),
                        Inbound("delivered"),
                        EventOf(kept.Event),
                        DeliveryOf(kept.Delivery, kept.Event, DeliveryState.Failed)
                    );
                    var gone = Id();
                    db.AddRange(EventOf(gone), DeliveryOf(Id(), gone, DeliveryState.Delivered));
                    await db.Events.ExecuteDeleteAsync();
                    await db.SaveChangesAsync();
                    return kept;
                },
                default
            )
        );

    /// <summary>Lets the worker go through all tables once.</summary>
    private async Task<int> PassAsync(Replica gateway)
    {
        var (deleted, next) = (0, DateTime.MinValue);
        do
        {
            var now = _clock.GetUtcNow().UtcDateTime;
            var due = await gateway.InScopeAsync<DeleteSettled, DateTime?>(worker => worker.NextDueAsync(default));
            _clock.Advance(due > now ? due.Value - now : TimeSpan.Zero);
            await gateway.InScopeAsync<DeleteSettled, int>(worker => worker.RunBatchAsync(default));
            (deleted, next) = await gateway.InScopeAsync<SettledPass, (int, DateTime)>(pass =>
                Task.FromResult((Math.Max(deleted, pass.Deleted), pass.NextAt))
            );
        } while (next - _clock.GetUtcNow().UtcDateTime < TimeSpan.FromHours(1));
        return deleted;
    }

    private static Task<List<Guid>> SitesAsync(Replica gateway) =>
        gateway.InDatabaseAsync(db => db.Submissions.Select(row => row.SiteId).Distinct().OrderBy(id => id).ToListAsync());
}
