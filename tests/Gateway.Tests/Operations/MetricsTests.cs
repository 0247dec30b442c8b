using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry;
using Gateway.Tests.Hosting;
using Gateway.Tests.Mail;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Operations;

/// <summary>Alone, since the counters are the process's.</summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed class MetricsTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;

    [Fact]
    public async Task A_journey_from_form_to_list_is_counted_once_at_each_step()
    {
        var site = await gateway.NewSiteAsync();
        var before = await Scrape.ReadAsync(gateway);
        var submission = site.Submission(email: "counted@metrics.example");

        await site.SubmitAsync(submission);
        await site.SubmitAsync(submission);
        await ConfirmAsync(site, await gateway.MailToAsync("counted@metrics.example"));
        await Eventually.BecomesTrueAsync(() =>
            gateway.InDatabaseAsync(db => db.ListSyncs.AnyAsync(row => row.SiteId == site.Id && row.Synced == DesiredState.Subscribed))
        );

        // Requests wait for their tests; what other tests left to the workers may go on.
        var after = await Scrape.ReadAsync(gateway);
        Assert.Equal(1, More("gateway_submissions_accepted_total"));
        Assert.Equal(1, More("gateway_confirmations_total", "by=\"button\""));
        Assert.InRange(More("gateway_mails_total", "outcome=\"sent\""), 1, double.MaxValue);
        Assert.InRange(More("gateway_provider_call_duration_seconds_count", "provider=\"mailbox\""), 1, double.MaxValue);
        Assert.InRange(More("gateway_list_syncs_total", "provider=\"local\"", "outcome=\"synced\""), 1, double.MaxValue);

        double More(string metric, params string[] labels) => after[metric, labels] - before[metric, labels];
    }

    /// <summary>On a database of its own: what other tests left waiting would come due meanwhile.</summary>
    [Fact]
    public async Task What_failed_and_who_is_pending_is_counted_from_the_rows()
    {
        using var database = new TestDatabase();
        await using var replica = await Replica.StartAsync(database);
        var site = await replica.AddSiteAsync();
        await site.SignUpAsync(["nobody@", "pending@metrics.example"]);
        await replica.WorkAsync();

        var reading = await replica.InScopeAsync<QueueDepths, QueueReading>(depths => depths.ReadAsync(CancellationToken.None));

        Assert.Equal(1, reading.Gauges["gateway.subscriptions.pending"]);
        Assert.Equal((0, 1), (Of("submissions").Waiting, Of("submissions").Failed));
        Assert.Equal(1, Of("expiry").Waiting);

        QueueDepth Of(string queue) => reading.Queues.Single(depth => depth.Queue == queue);
    }

    [Fact]
    public async Task A_row_that_is_due_and_left_lying_grows_old()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: "stuck@metrics.example");
        var message = await site.MessageAsync(row => row.State == MessageState.Sent);
        var due = gateway.Clock.GetUtcNow().UtcDateTime.AddHours(-2);

        // Written behind the worker's back and read in the same breath. The mail of another test may wake the worker in between.
        var scrape = await Eventually.BecomesAsync(
            async () =>
            {
                await gateway.InDatabaseAsync(db =>
                    db.WriteAsync(
                        () =>
                            db
                                .Messages.Where(row => row.Id == message.Id)
                                .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, due)),
                        CancellationToken.None
                    )
                );
                return await Scrape.ReadAsync(gateway);
            },
            scrape => scrape["gateway_queue_oldest_due_seconds", "queue=\"mail\""] > 0
        );
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Messages.Where(row => row.Id == message.Id)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.DueAt, (DateTime?)null)),
                CancellationToken.None
            )
        );

        Assert.InRange(scrape["gateway_queue_oldest_due_seconds", "queue=\"mail\""], 7199, 7260);
        Assert.InRange(scrape["gateway_queue_waiting", "queue=\"mail\""], 1, double.MaxValue);
    }

    [Fact]
    public async Task Nothing_that_anybody_typed_becomes_a_label()
    {
        var site = await gateway.NewSiteAsync();
        await site.SubmitAsync(email: "label@metrics.example", name: "Labelled Person");
        var mail = await gateway.MailToAsync("label@metrics.example");
        var token = await ConfirmAsync(site, mail);

        var scrape = await Scrape.ReadAsync(gateway);

        Assert.Contains("http_server_request_duration_seconds", scrape.Text, StringComparison.Ordinal);
        Assert.Contains("/c/{token}", scrape.Text, StringComparison.Ordinal);
        Assert.All(
            ["metrics.example", "Labelled", token, site.PublicId],
            word => Assert.DoesNotContain(word, scrape.Text, StringComparison.OrdinalIgnoreCase)
        );
    }

    private static async Task<string> ConfirmAsync(SiteUnderTest site, MimeKit.MimeMessage mail)
    {
        var token = mail.ConfirmToken();
        using var form = new FormUrlEncodedContent([new("do", "confirm")]);
        using var answer = await site.Browser.PostAsync($"/c/{token}", form);
        answer.EnsureSuccessStatusCode();
        return token;
    }
}
