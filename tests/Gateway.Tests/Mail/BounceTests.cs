using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.OptIn;
using Gateway.Features.Submissions;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;
using static Gateway.Tests.Templates.TemplateCalls;

namespace Gateway.Tests.Mail;

/// <summary>An address of which the mail server says that it does not exist is written to no more.</summary>
[Collection(MovesTheClock.Name)]
[Trait("Database", "both")]
public sealed partial class BounceTests : IAsyncLifetime, IAsyncDisposable
{
    private const string NoSuchUser = "550 5.1.1 <somebody@nowhere.example>: Recipient address rejected: User unknown";
    private const string Answer = "550 5.1.1 <…>: Recipient address rejected: User unknown";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.OfMovedClock;
    private readonly ScriptedSmtp server = new();
    private readonly SmtpConnections connections;
    private readonly string domain = $"{Guid.CreateVersion7():N}.example";
    private readonly string address;
    private Guid served;

    public BounceTests()
    {
        address = $"ada@{domain}";
        var options = new MailOptions { Smtp = { Host = "127.0.0.1", Port = server.Port } };
        connections = new(
            Options.Create(options),
            gateway.Services.GetRequiredService<IOptions<GatewayOptions>>(),
            gateway.Clock,
            NullLogger<SmtpConnections>.Instance
        );
        gateway.Mail.Route(domain, new SmtpTransport(connections));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        gateway.Mail.Close(domain);
        connections.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_sign_up_that_comes_back_ends_and_nothing_more_goes_there()
    {
        var site = await ServedSiteAsync();
        Refuse(address, NoSuchUser);
        await site.SubmitAsync(email: address);
        await BecomesAsync(site, MessageState.Failed);

        var subscription = await site.SubscriptionAsync(address);
        Assert.Equal((SubscriptionState.Expired, 0), (subscription.State, subscription.MailsSent));
        Assert.Equal(["bounced"], await ShownAsync(site));

        var told = JsonNode.Parse(Assert.Single(await site.EventsAsync("contact.bounced")))!;
        var contact = (string)told["contact"]!["id"]!;
        Assert.Equal(("hard", Answer), ((string?)told["type"], (string?)told["detail"]));
        Assert.StartsWith("msg_", (string)told["messageId"]!, StringComparison.Ordinal);
        Assert.Equal(["id"], told["contact"]!.AsObject().Select(member => member.Key));
        Assert.Single(await site.EventsAsync("subscription.expired"));
        Assert.DoesNotContain(address, (await site.AuthorizedAsync(HttpMethod.Get, "/v1/events")).Text, StringComparison.Ordinal);

        var entry = JsonNode.Parse(await EvidenceAsync(site, contact, "application/json"))!["entries"]!.AsArray()[^1]!;
        Assert.Equal(("bounced", Answer), ((string?)entry["kind"], (string?)entry["facts"]!["mailAnswer"]));
        Assert.Empty(entry["personal"]!.AsObject());
        await site.VerifyLedgerAsync();
        Assert.Equal("bounced", (string?)(await site.ReadContactAsync(contact)).Json["suppressed"]);

        var tried = server.Commands.Count;
        var mail = await site.MailAsync(address);
        var form = await site.SubmitAsync(email: address);
        Assert.Equal((HttpStatusCode.Forbidden, "suppressed"), (mail.Status, mail.Code));
        Assert.Equal(HttpStatusCode.Accepted, form.Status);
        var row = await site.ProcessedAsync(form.Id);
        Assert.Equal((SubmissionState.Failed, "suppressed"), (row.State, row.FailureCode));
        Assert.Equal(tried, server.Commands.Count);
    }

    [Fact]
    public async Task A_subscription_ends_when_an_order_mail_comes_back_and_the_list_hears_of_it()
    {
        var list = gateway.Mailjet.NewList();
        var site = await ServedSiteAsync(await gateway.NewMailjetSiteAsync(list));
        var contact = (await site.ProveAsync(address)).Id;
        await site.ToldAsync(await site.SubscriptionAsync(address));
        Refuse(address, NoSuchUser);
        var mail = await site.MailAsync(address);
        await site.BecomesAsync(mail.Id, "failed");

        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(address)).State);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(list.About(address).Count() == 2));
        Assert.Equal(["addnoforce", "remove"], list.About(address).Select(told => told.Action));

        var told = JsonNode.Parse(Assert.Single(await site.EventsAsync("contact.bounced")))!;
        Assert.Equal((contact, address), ((string?)told["contact"]!["id"], (string?)told["contact"]!["email"]));
        Assert.Equal(mail.Id, (string?)told["messageId"]);
        var ended = JsonNode.Parse(Assert.Single(await site.EventsAsync("subscription.unsubscribed")))!;
        Assert.Equal("bounce", (string?)ended["by"]);

        Assert.Equal([ConsentKind.Proven, ConsentKind.Bounced], (await site.LedgerAsync()).Select(entry => entry.Kind));
        var page = await EvidenceAsync(site, contact, "text/html");
        Assert.Contains("Ended for “Newsletter”: the mail server says that the address does not exist", page, StringComparison.Ordinal);
        Assert.Contains(address, page, StringComparison.Ordinal);

        await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{contact}", scope: "contacts");
        Assert.Empty(await site.EventsAsync("contact.bounced"));
        Assert.All(await site.LedgerAsync(), entry => Assert.DoesNotContain(address, entry.Personal ?? "", StringComparison.Ordinal));
        await site.VerifyLedgerAsync();
        Assert.Equal(["bounced"], await ShownAsync(site));
        Assert.Equal("suppressed", (await site.ProveAsync(address)).Code);
    }

    [Theory]
    [InlineData("552 5.2.2 The mailbox is over quota")]
    [InlineData("550 5.7.1 Recipient refused by policy")]
    [InlineData("550 5.1.1 Your message looks like spam")]
    [InlineData("550 5.4.1 Recipient address rejected: Access denied")]
    public async Task A_refusal_of_another_kind_fails_the_mail_alone(string answer)
    {
        var site = await ServedSiteAsync();
        Refuse(address, answer);
        await site.SubmitAsync(email: address);

        await BecomesAsync(site, MessageState.Failed);
        await NothingHappenedAsync(site);
    }

    [Fact]
    public async Task A_mailbox_that_stays_full_until_it_is_given_up_is_not_gone()
    {
        var site = await ServedSiteAsync();
        Refuse(address, "452 4.2.2 The mailbox is over quota");
        await site.SubmitAsync(email: address);
        await MessageAsync(site, row => row.Failures == 1);
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                    db
                        .Messages.Where(row => row.SiteId == site.Id && row.DueAt != null)
                        .ExecuteUpdateAsync(set => set.SetProperty(row => row.Failures, 77), CancellationToken.None),
                CancellationToken.None
            )
        );

        gateway.Advance(TimeSpan.FromMinutes(1));
        await BecomesAsync(site, MessageState.Failed);
        await NothingHappenedAsync(site);
    }

    [Fact]
    public async Task A_domain_that_takes_no_mail_is_suppressed_though_nobody_is_known_there()
    {
        var site = await ServedSiteAsync();
        Refuse(address, "556 5.1.10 Recipient address has null MX");
        await site.BecomesAsync((await site.MailAsync(address)).Id, "failed");

        Assert.Equal(["bounced"], await ShownAsync(site));
        var told = JsonNode.Parse(Assert.Single(await site.EventsAsync("contact.bounced")))!;
        Assert.Equal((null, "556 5.1.10 Recipient address has null MX"), (told["contact"], (string?)told["detail"]));
    }

    [Fact]
    public async Task A_server_that_says_it_of_everybody_is_believed_of_four()
    {
        var site = await gateway.NewSiteAsync();
        server.Script = command => command.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase) ? NoSuchUser : null;
        for (var person = 0; person < 8; person++)
        {
            await site.SubmitAsync(email: $"p{person}@{domain}");
        }

        await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Failed) == 8);
        Assert.Equal(4, (await site.EventsAsync("contact.bounced")).Count);
        Assert.Equal(4, (await SuppressionsAsync(site)).Count);
        Assert.Empty(await site.EventsAsync("site.problem"));
    }

    [Fact]
    public async Task Two_mails_that_come_back_at_once_are_one_bounce()
    {
        var site = await ServedSiteAsync();
        var asked = 0;
        var both = new TaskCompletionSource();
        Refuse(address, NoSuchUser);
        server.Before = command =>
        {
            if (IsRcpt(command, address) && Interlocked.Increment(ref asked) == 2)
            {
                both.SetResult();
            }

            return IsRcpt(command, address) ? both.Task : Task.CompletedTask;
        };
        await site.SubmitAsync(email: address);
        var mail = await site.MailAsync(address);

        await site.BecomesAsync(mail.Id, "failed");
        await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Failed) == 2);
        Assert.Single(await site.EventsAsync("contact.bounced"));
        Assert.Single(await site.EventsAsync("subscription.expired"));
        Assert.Single(await site.LedgerAsync());
    }

    [Fact]
    public async Task What_a_worker_says_that_has_lost_its_message_suppresses_nobody()
    {
        var site = await ServedSiteAsync();
        Refuse(address, "450 4.2.0 Greylisted");
        await site.SubmitAsync(email: address);
        var waiting = await MessageAsync(site, row => row.Failures == 1);
        waiting.Attempts--;

        await gateway.InScopeAsync<RecordMessageOutcomes, bool>(async outcomes =>
        {
            outcomes.Note(waiting, new MailOutcome.Refused(Answer, IsHardBounce: true));
            await outcomes.StoreAsync(new Bounce(waiting, EmailAddress.Parse(address)!, "smtp", Count: null));
            return true;
        });

        await NothingHappenedAsync(site);
    }

    [Fact]
    public async Task Who_complained_or_left_before_is_suppressed_for_that_as_before()
    {
        var site = await ServedSiteAsync();
        Refuse(address, NoSuchUser);
        await site.SuppressAsync(address, SuppressionReason.Unsubscribed);
        await site.BecomesAsync((await site.MailAsync(address)).Id, "failed");

        Assert.Equal(["bounced", "unsubscribed"], (await ShownAsync(site)).Order());
        Assert.Equal("""{"lifted":["bounced"]}""", (await LiftAsync(site)).Text);
        Assert.Equal(["unsubscribed"], await ShownAsync(site));
    }

    [Fact]
    public async Task Once_it_is_lifted_the_same_sign_up_goes_on_and_a_bounce_is_told_again()
    {
        var site = await ServedSiteAsync();
        Refuse(address, NoSuchUser);
        await site.SubmitAsync(email: address);
        var failed = await BecomesAsync(site, MessageState.Failed);
        var replayed = await ReplayAsync(failed);
        await MessageAsync(site, row => row is { DueAt: null, Answer: "The address is suppressed: mail to it came back." });

        Assert.Null(replayed);
        Assert.Equal("""{"lifted":["bounced"]}""", (await LiftAsync(site)).Text);
        Assert.Empty(await ShownAsync(site));

        // Still nobody is there.
        await ReplayAsync(failed);
        await Eventually.BecomesAsync(() => site.EventsAsync("contact.bounced"), events => events.Count == 2);
        await LiftAsync(site);

        server.Script = _ => null;
        await ReplayAsync(failed);
        await BecomesAsync(site, MessageState.Sent);
        Assert.Equal(SubscriptionState.Pending, (await site.SubscriptionAsync(address)).State);
        using var mime = MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(server.Mails.Last())));
        var page = await site.ConfirmAsync(ConfirmLink().Match(mime.TextBody!).Value);
        Assert.Equal("Thank you, you’re in!", page.Heading);
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);
        await site.BecomesAsync((await site.MailAsync(address)).Id, "sent");
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Whoever_signs_up_again_after_that_is_asked_at_once()
    {
        var site = await ServedSiteAsync();
        Refuse(address, NoSuchUser);
        await site.SubmitAsync(email: address);
        await BecomesAsync(site, MessageState.Failed);
        await LiftAsync(site);
        server.Script = _ => null;

        await site.SubmitAsync(email: address);

        await MessagesAsync(site, rows => rows.Count(row => row.State == MessageState.Sent) == 2);
    }

    [Fact]
    public async Task A_sign_up_that_came_back_is_forgotten_like_one_that_nobody_answered()
    {
        var site = await ServedSiteAsync();
        Refuse(address, NoSuchUser);
        await site.SubmitAsync(email: address);
        await BecomesAsync(site, MessageState.Failed);

        gateway.Advance(TimeSpan.FromDays(31));

        await Eventually.BecomesTrueAsync(() =>
            gateway.InDatabaseAsync(async db => !await db.Contacts.AnyAsync(row => row.SiteId == site.Id && row.AddressKey == address))
        );
        Assert.Equal(["bounced"], await ShownAsync(site));
    }

    [Fact]
    public async Task A_test_of_a_template_suppresses_nobody()
    {
        var site = await ServedSiteAsync(await gateway.NewSiteAsync(one => one.TestRecipients = address));
        Refuse(address, NoSuchUser);
        var template = (await site.AddTemplateAsync("order", words: Words())).Id;

        var sent = await site.TemplateAsync(HttpMethod.Post, template, "test", new JsonObject { ["to"] = address });

        await site.BecomesAsync(sent.Id, "failed");
        await NothingHappenedAsync(site);
    }

    /// <summary>A site from which the server has taken a mail.</summary>
    private async Task<SiteUnderTest> ServedSiteAsync(SiteUnderTest? site = null)
    {
        site ??= await gateway.NewSiteAsync();
        await site.SubmitAsync(email: $"fine@{domain}");
        served = (await BecomesAsync(site, MessageState.Sent)).Id;
        return site;
    }

    private void Refuse(string whom, string answer) => server.Script = command => IsRcpt(command, whom) ? answer : null;

    private static bool IsRcpt(string command, string whom) =>
        command.StartsWith($"RCPT TO:<{whom}>", StringComparison.OrdinalIgnoreCase);

    private async Task NothingHappenedAsync(SiteUnderTest site)
    {
        Assert.Empty(await SuppressionsAsync(site));
        Assert.Empty(await site.EventsAsync("contact.bounced"));
        Assert.Empty(await site.LedgerAsync());
        Assert.Empty(await site.EventsAsync("subscription.expired"));
        var pending = await gateway.InDatabaseAsync(db =>
            db.OptInRequests.CountAsync(row => row.SiteId == site.Id && row.State == OptInState.Pending)
        );
        Assert.InRange(pending, 1, 2);
    }

    private Task<List<Suppression>> SuppressionsAsync(SiteUnderTest site) =>
        gateway.InDatabaseAsync(db => db.Suppressions.AsNoTracking().Where(row => row.SiteId == site.Id).ToListAsync());

    private Task<Answer> LiftAsync(SiteUnderTest site) =>
        site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/contacts/lift",
            new JsonObject { ["email"] = address, ["reason"] = "The mailbox works again" },
            "contacts"
        );

    private static async Task<string> EvidenceAsync(SiteUnderTest site, string contact, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/contacts/{contact}/consents");
        request.Headers.Authorization = new("Bearer", await site.TokenAsync());
        request.Headers.Accept.ParseAdd(accept);
        using var response = await site.Browser.SendAsync(request);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync());
    }

    private Task<string?> ReplayAsync(Message message) =>
        gateway.InScopeAsync<FailedItems, string?>(failed =>
            failed.ReplayAsync(PublicId.Format(PublicId.Message, message.Id), new(), "cli", CancellationToken.None)
        );

    private async Task<List<string?>> ShownAsync(SiteUnderTest site) =>
        [
            .. (
                await CommandResult.OfAsync(
                    () => Task.FromResult(gateway.Services),
                    "",
                    "suppression",
                    "show",
                    site.PublicId,
                    address,
                    "--json"
                )
            )
                .Json.GetProperty("refusals")
                .EnumerateArray()
                .Select(one => one.GetString()),
        ];

    private Task<Message> BecomesAsync(SiteUnderTest site, MessageState state) => MessageAsync(site, row => row.State == state);

    /// <summary>The one message of the site beside the first.</summary>
    private async Task<Message> MessageAsync(SiteUnderTest site, Func<Message, bool> enough) =>
        (await MessagesAsync(site, rows => rows.Exists(row => row.Id != served && enough(row)))).Single(row => row.Id != served);

    private static Task<List<Message>> MessagesAsync(SiteUnderTest site, Func<List<Message>, bool> enough) =>
        Eventually.BecomesAsync(
            () =>
                site.Gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().Where(row => row.SiteId == site.Id).OrderBy(row => row.Id).ToListAsync()
                ),
            enough
        );

    [GeneratedRegex(@"/c/[\w-]{32}")]
    private static partial Regex ConfirmLink();
}
