using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>What becomes of a transactional mail after it was accepted.</summary>
public sealed class TransactionalMailTests : IDisposable
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";
    private readonly Server server = new();

    public TransactionalMailTests() => gateway.Mail.Route(domain, server);

    private string Address => $"ada@{domain}";

    public void Dispose() => gateway.Mail.Close(domain);

    [Fact]
    public async Task A_scheduled_mail_waits_and_can_be_taken_back()
    {
        var site = await gateway.NewSiteAsync();
        var scheduled = await site.MailAsync(Address, "order-1", InADay);

        var cancelled = await site.CancelMailAsync(scheduled.Id);
        var again = await site.CancelMailAsync(scheduled.Id);
        var replayed = await site.MailAsync(Address, "order-1", InADay);

        Assert.Equal("scheduled", scheduled.Status());
        Assert.NotNull(scheduled.Json["sendAt"]);
        Assert.Equal((HttpStatusCode.OK, "cancelled"), (cancelled.Status, cancelled.Status()));
        Assert.Equal(cancelled.Text, again.Text);
        Assert.Equal("cancelled", replayed.Status());
        Assert.Null((await site.MessageAsync(row => row.DueAt is null)).Variables);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_mail_that_was_sent_cannot_be_taken_back()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.MailAsync(Address)).Id;
        await site.BecomesAsync(id, "sent");

        var answer = await site.CancelMailAsync(id);

        Assert.Equal((HttpStatusCode.Conflict, "too_late"), (answer.Status, answer.Code));
        Assert.Equal("sent", (await site.ReadMailAsync(id)).Status());
    }

    [Fact]
    public async Task A_mail_that_somebody_may_be_sending_cannot_be_taken_back()
    {
        var site = await gateway.NewSiteAsync();
        server.Answer = new MailOutcome.Later("451 4.3.0 try later");
        var id = (await site.MailAsync(Address)).Id;
        await site.MessageAsync(row => row.Failures == 1);

        var answer = await site.CancelMailAsync(id);

        Assert.Equal((HttpStatusCode.Conflict, "too_late"), (answer.Status, answer.Code));
        Assert.Equal("queued", (await site.ReadMailAsync(id)).Status());
    }

    [Theory]
    [InlineData(SuppressionReason.Bounced)]
    [InlineData(SuppressionReason.Complained)]
    public async Task An_address_that_bounced_in_the_meantime_gets_nothing(object reason)
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.MailAsync(Address, change: InADay)).Id;
        await site.SuppressAsync(Address, (SuppressionReason)reason);

        await DueNowAsync(site);
        var failed = await site.BecomesAsync(id, "failed");

        Assert.Equal("mail_failed", (string?)failed.Json["error"]!["code"]);
        Assert.StartsWith("The address is suppressed", (string?)failed.Json["error"]!["reason"]);
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task A_refused_mail_stands_as_failed_and_an_operator_sends_it_again()
    {
        var site = await gateway.NewSiteAsync();
        server.Answer = new MailOutcome.Refused("554 5.7.1 <…>: not today");
        var id = (await site.MailAsync(Address)).Id;

        var failed = await site.BecomesAsync(id, "failed");
        Assert.Contains(
            await gateway.InScopeAsync<FailedItems, List<FailedItem>>(failures => failures.ListAsync(1000, null, CancellationToken.None)),
            one => one.Id == id
        );
        server.Answer = null;
        Assert.Null(
            await gateway.InScopeAsync<FailedItems, string?>(failures =>
                failures.ReplayAsync(id, new(null, null), "test", CancellationToken.None)
            )
        );
        var sent = await site.BecomesAsync(id, "sent");

        Assert.Equal("554 5.7.1 <…>: not today", (string?)failed.Json["error"]!["reason"]);
        Assert.Null(sent.Json["error"]);
        Assert.Equal(2, server.Mails.Count);
        Assert.Single(server.Mails.Select(mail => mail.MessageId).Distinct());
    }

    [Fact]
    public async Task Confirmations_go_first_whatever_waits_beside_them()
    {
        var site = await gateway.NewSiteAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(one => site.MailAsync($"{one}@{domain}", change: InADay)));
        await site.SubmitAsync(email: Address, change: body => body["form"]!["locale"] = "en");
        await site.MessageAsync(row => row.Template == "plain");
        await Eventually.BecomesTrueAsync(() => Task.FromResult(server.Mails.Count == 1));
        var rows = await gateway.InDatabaseAsync(db =>
            db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync()
        );

        var read = await gateway.InScopeAsync<MailSources, List<PreparedMail>>(letters =>
            letters.ReadAsync(rows, CancellationToken.None)
        );

        Assert.Equal("confirmation", read[0].Message.Template);
        Assert.Equal(20, read.Count(one => one.OutgoingMail is { List: null }));
    }

    [Fact]
    public async Task Erasing_a_person_removes_the_mails_to_their_address_at_this_site_alone()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var contact = (await site.ProveAsync(Address)).Id;
        var mine = (await site.MailAsync(Address.ToUpperInvariant())).Id;
        var scheduled = (await site.MailAsync(Address, change: InADay)).Id;
        var neighbours = (await site.MailAsync($"eve@{domain}")).Id;
        var others = (await other.MailAsync(Address)).Id;

        await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{contact}", scope: "contacts");

        Assert.Equal(HttpStatusCode.NotFound, (await site.ReadMailAsync(mine)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await site.ReadMailAsync(scheduled)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.ReadMailAsync(neighbours)).Status);
        Assert.Equal(HttpStatusCode.OK, (await other.ReadMailAsync(others)).Status);
    }

    [Fact]
    public async Task Another_site_and_mails_about_lists_are_not_to_be_read_or_cancelled_here()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var id = (await site.MailAsync(Address, change: InADay)).Id;
        await other.SubmitAsync(email: Address);
        var confirmation = Infrastructure.Http.PublicId.Format(
            Infrastructure.Http.PublicId.Message,
            (await other.MessageAsync(_ => true)).Id
        );

        foreach (var foreign in new[] { id, confirmation, "msg_1" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await other.ReadMailAsync(foreign)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await other.CancelMailAsync(foreign)).Status);
        }

        Assert.Equal("scheduled", (await site.ReadMailAsync(id)).Status());
    }

    [Fact]
    public async Task Nothing_of_it_is_logged()
    {
        var site = await gateway.NewSiteAsync();
        var id = (await site.MailAsync(Address, change: mail => mail["variables"]!["body"] = "Marker of this mail")).Id;
        await site.BecomesAsync(id, "sent");

        Assert.DoesNotContain(
            gateway.LogLines(),
            line => line.Contains(domain, StringComparison.Ordinal) || line.Contains("Marker of this mail", StringComparison.Ordinal)
        );
    }

    private void InADay(JsonObject mail) =>
        mail["sendAt"] = new DateTimeOffset(gateway.Clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)
            .AddDays(2)
            .ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Its time has come, for the mails of this site alone: the clock belongs to every test.</summary>
    private async Task DueNowAsync(SiteUnderTest site)
    {
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Messages.Where(row => row.SiteId == site.Id)
                        .ExecuteUpdateAsync(
                            set => set.SetProperty(row => row.DueAt, gateway.Clock.GetUtcNow().UtcDateTime),
                            CancellationToken.None
                        ),
                CancellationToken.None
            )
        );
        gateway.Signal();
    }

    /// <summary>Takes every mail, unless a test says otherwise.</summary>
    private sealed class Server : IMailTransport
    {
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(10);

        public MailOutcome? Answer { get; set; }

        public System.Collections.Concurrent.ConcurrentQueue<(string MessageId, string To)> Mails { get; } = new();

        public Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
        {
            Mails.Enqueue((message.MessageId!, message.To.Mailboxes.Single().Address));
            return Task.FromResult(Answer ?? new MailOutcome.Sent("250 2.0.0 taken"));
        }
    }
}
