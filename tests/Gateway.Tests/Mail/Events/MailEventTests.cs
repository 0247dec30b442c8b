using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Tests.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;
using Gateway.Tests.OptIn;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Mail.Events;

/// <summary>What providers tell of mails comes back, is believed only of whom it may be, and does the same in any order.</summary>
public sealed class MailEventTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    public static TheoryData<string> Providers => [.. MailEventFormats.All];

    [Theory]
    [MemberData(nameof(Providers))]
    [Trait("Database", "both")]
    public async Task Every_event_of_a_provider_ends_in_the_right_state_and_again_changes_nothing(string provider)
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, provider, site);
        var number = 0;
        foreach (var (_, sample, type) in MailEventSamples.All.Where(one => one.Provider == provider))
        {
            var (id, to) = await SentAsync(site);
            var body = caller.Fill(sample, id, to, number: ++number);

            await ToldAsync(caller, body);
            await ToldAsync(caller, body);
            var rows = await Eventually.BecomesAsync(
                () => OfSourceAsync(caller),
                rows => rows.Count == number && rows.TrueForAll(row => row.DueAt is null)
            );
            Assert.True(type == rows[^1].Type, $"{sample} is {rows[^1].Type}");

            var state = MailEventRules.Moves(type) ?? MessageState.Sent;
            state = sample.Contains("\"address\"", StringComparison.Ordinal) ? MessageState.Sent : state;
            Assert.Equal((sample, $"{state}".ToLowerInvariant()), (sample, (string?)(await site.ReadMailAsync(id)).Json["status"]));
            var suppressed = await SuppressedAsync(site, to);
            Assert.Equal((sample, MailEventRules.Suppresses(type)), (sample, suppressed.Count == 0 ? null : suppressed.Single()));
        }

        var bounces = MailEventSamples.All.Count(one => one.Provider == provider && one.Type == MailEventType.HardBounced);
        var complaints = MailEventSamples.All.Count(one => one.Provider == provider && one.Type == MailEventType.Complained);
        Assert.Equal(bounces, (await site.EventsAsync("contact.bounced")).Count);
        Assert.Equal(complaints, (await site.EventsAsync("contact.complained")).Count);
    }

    [Theory]
    [InlineData("hard_bounced", "delivered", "deferred")]
    [InlineData("delivered", "hard_bounced", "deferred")]
    [InlineData("deferred", "delivered", "hard_bounced")]
    [InlineData("delivered", "soft_bounced", "delivered")]
    public async Task In_whatever_order_they_come_they_end_in_the_same_state(params string[] types)
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, site);
        var (id, _) = await SentAsync(site);
        for (var at = 0; at < types.Length; at++)
        {
            await ToldAsync(
                caller,
                $$"""{"messageId":"{{id}}","type":"{{types[at]}}","id":"{{id}} {{at}}","code":"5.1.1","detail":"gone"}"""
            );
        }

        var answer = await site.BecomesAsync(id, "bounced");
        Assert.Equal(("mail_bounced", "gone"), ((string?)answer.Json["error"]!["code"], (string?)answer.Json["error"]!["reason"]));
    }

    [Fact]
    public async Task A_mail_that_bounces_ends_the_subscription_tells_the_list_and_refuses_the_next()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Postmark, null);
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        var contact = (await site.ProveAsync(address)).Id;
        await site.ToldAsync(await site.SubscriptionAsync(address));
        var (id, _) = await SentAsync(site, address);

        await ToldAsync(caller, caller.Fill(Sample(MailEventFormats.Postmark, MailEventType.HardBounced), id, address));
        await site.BecomesAsync(id, "bounced");

        Assert.Equal(SubscriptionState.Removed, (await site.SubscriptionAsync(address)).State);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(list.About(address).Count() == 2));
        Assert.Equal(["addnoforce", "remove"], list.About(address).Select(told => told.Action));
        Assert.Equal([ConsentKind.Proven, ConsentKind.Bounced], (await site.LedgerAsync()).Select(entry => entry.Kind));
        var told = JsonNode.Parse(Assert.Single(await site.EventsAsync("contact.bounced")))!;
        Assert.Equal((contact, id, "hard"), ((string?)told["contact"]!["id"], (string?)told["messageId"], (string?)told["type"]));
        Assert.Equal("suppressed", (await site.MailAsync(address)).Code);
        await site.VerifyLedgerAsync();

        await site.AuthorizedAsync(HttpMethod.Delete, $"/v1/contacts/{contact}", scope: "contacts");
        Assert.Empty(await RowsAsync(id, address));
        Assert.Equal([SuppressionReason.Bounced], await SuppressedAsync(site, address));
    }

    [Fact]
    public async Task Whoever_complains_leaves_every_list_and_only_an_operator_brings_them_back()
    {
        var list = gateway.Mailjet.NewList();
        var site = await gateway.NewMailjetSiteAsync(list);
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Mailgun, site);
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        await site.ProveAsync(address);
        await site.ToldAsync(await site.SubscriptionAsync(address));
        var (id, _) = await SentAsync(site, address);

        await ToldAsync(caller, caller.Fill(Sample(MailEventFormats.Mailgun, MailEventType.Complained), id, address));
        await site.BecomesAsync(id, "delivered");

        Assert.Equal(SubscriptionState.Unsubscribed, (await site.SubscriptionAsync(address)).State);
        await Eventually.BecomesTrueAsync(() => Task.FromResult(list.About(address).Count() == 2));
        Assert.Equal(["addnoforce", "unsub"], list.About(address).Select(told => told.Action));
        Assert.Equal([ConsentKind.Proven, ConsentKind.Complained], (await site.LedgerAsync()).Select(entry => entry.Kind));
        Assert.Equal("complaint", (string?)JsonNode.Parse(Assert.Single(await site.EventsAsync("subscription.unsubscribed")))!["by"]);
        Assert.Equal("suppressed", (await site.ProveAsync(address)).Code);
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task A_complaint_about_a_confirmation_mail_ends_the_request_and_its_link()
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, site);
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        await site.SubmitAsync(email: address);
        var links = await site.LinksForAsync(address);
        var message = await Eventually.BecomesAsync(
            () => gateway.InDatabaseAsync(db => db.Messages.AsNoTracking().SingleAsync(row => row.SiteId == site.Id)),
            row => row.State == MessageState.Sent
        );

        await ToldAsync(caller, $$"""{"messageId":"msg_{{message.Id:N}}","type":"complained"}""");
        await Eventually.BecomesAsync(() => site.SubscriptionAsync(address), row => row.State == SubscriptionState.Expired);

        var told = Assert.Single(await site.EventsAsync("contact.complained"));
        Assert.DoesNotContain(address, told, StringComparison.Ordinal);
        await site.ConfirmAsync("/c/" + links.Confirm);
        Assert.Equal(SubscriptionState.Expired, (await site.SubscriptionAsync(address)).State);
        await site.VerifyLedgerAsync();
    }

    [Fact]
    public async Task Whoever_unsubscribes_at_the_provider_leaves_that_list_alone()
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Brevo, site);
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        await site.ProveAsync(address);
        var message = await WelcomeAsync(site, address);

        await ToldAsync(caller, caller.Fill(Sample(MailEventFormats.Brevo, MailEventType.Unsubscribed), $"msg_{message:N}", address));
        await Eventually.BecomesAsync(() => site.SubscriptionAsync(address), row => row.State == SubscriptionState.Unsubscribed);

        Assert.Equal("brevo", (string?)JsonNode.Parse(Assert.Single(await site.EventsAsync("subscription.unsubscribed")))!["by"]);
        Assert.Equal(HttpStatusCode.Accepted, (await site.MailAsync(address)).Status);
    }

    [Fact]
    public async Task What_happened_before_a_fresh_confirmation_ends_nothing()
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, site);
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        var (id, _) = await SentAsync(site, address);
        var before = gateway.Clock.GetUtcNow().AddHours(-1);
        await site.SubmitAsync(email: address);
        await site.ConfirmAsync("/c/" + (await site.LinksForAsync(address, 2)).Confirm);

        await ToldAsync(caller, caller.Fill("""{"messageId":"{msg}","type":"hard_bounced","at":"{iso}"}""", id, address, before));
        var row = (await Eventually.BecomesAsync(() => RowsAsync(id, address), rows => rows is [{ DueAt: null }]))[0];

        Assert.Equal("They confirmed afresh after it happened.", row.Remark);
        Assert.Empty(await SuppressedAsync(site, address));
        Assert.Equal(SubscriptionState.Confirmed, (await site.SubscriptionAsync(address)).State);
    }

    [Fact]
    public async Task A_source_of_one_site_says_nothing_about_another_and_what_nobody_knows_is_kept()
    {
        var (mine, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, mine);
        using var all = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, null);
        var (id, to) = await SentAsync(other);
        var nobody = $"nobody@{Guid.CreateVersion7():N}.example";

        await ToldAsync(caller, $$"""{"messageId":"{{id}}","address":"{{to}}","type":"hard_bounced"}""");
        await ToldAsync(all, $$"""{"messageId":"msg_{{Guid.CreateVersion7():N}}","address":"{{nobody}}","type":"hard_bounced"}""");

        foreach (var (message, address) in new[] { (id, to), ("", nobody) })
        {
            var row = (await Eventually.BecomesAsync(() => RowsAsync(message, address), rows => rows is [{ DueAt: null }]))[0];
            Assert.Equal(MailEventState.Unmatched, row.State);
        }

        Assert.Empty(await SuppressedAsync(other, to));
        Assert.Empty(await SuppressedAsync(mine, to));
        Assert.Equal("sent", (await other.ReadMailAsync(id)).Status());
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task An_address_that_is_gone_is_gone_at_every_site_that_knows_it()
    {
        var (one, two) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        using var all = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, null);
        var address = $"ada@{Guid.CreateVersion7():N}.example";
        await one.ProveAsync(address);
        await two.ProveAsync(address);

        await ToldAsync(all, $$"""{"address":"{{address}}","type":"complained"}""");
        Assert.Equal(MailEventState.Unmatched, (await SettledAsync(address, 1))[0].State);
        await ToldAsync(all, $$"""{"address":"{{address.ToUpperInvariant()}}","type":"hard_bounced"}""");
        await SettledAsync(address, 2);

        Assert.Equal([SuppressionReason.Bounced], await SuppressedAsync(one, address));
        Assert.Equal([SuppressionReason.Bounced], await SuppressedAsync(two, address));
    }

    [Theory]
    [InlineData(MailEventFormats.SendGrid)]
    [InlineData(MailEventFormats.Mailgun)]
    [InlineData(MailEventFormats.Resend)]
    [InlineData(MailEventFormats.AmazonSes)]
    public async Task What_another_key_signed_is_refused(string provider)
    {
        var site = await gateway.NewSiteAsync();
        using var caller = await MailEventCaller.ForAsync(gateway, provider, site);
        using var forger = await MailEventCaller.ForAsync(gateway, provider, site);
        var (id, to) = await SentAsync(site);
        var body = caller.Fill(Sample(provider, MailEventType.HardBounced), id, to);

        // The one's body and signature at the other's address; Mailgun's account has one key, so there the time is another.
        var answer = await forger.TellAsync(
            body,
            request =>
                request.Content = new ByteArrayContent(
                    Encoding.UTF8.GetBytes(
                        provider == MailEventFormats.AmazonSes
                            ? forger.Sns("Notification", null, body).Replace("5.1.1", "5.1.2", StringComparison.Ordinal)
                            : body.Replace("{signature}", """{"timestamp":"1","token":"t","signature":"00"}""", StringComparison.Ordinal)
                                + " "
                    )
                ),
            caller.Path
        );

        Assert.Equal((HttpStatusCode.Forbidden, "wrong_signature"), (answer.Status, answer.Code));
        Assert.Empty(await RowsAsync(id, to));
    }

    [Fact]
    public async Task Only_the_own_topic_is_confirmed_and_only_at_amazon()
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.AmazonSes, null);
        caller.SnsVersion = "1";

        var other = await caller.TellAsync(caller.Sns("SubscriptionConfirmation", one => one["TopicArn"] = MailEventCaller.Topic + "2"));
        var elsewhere = await caller.TellAsync(
            caller.Sns("SubscriptionConfirmation", one => one["SubscribeURL"] = "https://sns.example/?Action=ConfirmSubscription")
        );
        var inner = await caller.TellAsync(
            caller.Sns("SubscriptionConfirmation", one => one["SigningCertURL"] = $"https://{caller.Host}@127.0.0.1/x.pem")
        );
        Assert.Equal(("other_topic", "wrong_signature", "wrong_signature"), (other.Code, elsewhere.Code, inner.Code));
        Assert.DoesNotContain(caller.Asked, path => path.Contains("Confirm", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync(caller.Sns("SubscriptionConfirmation"))).Status);
        Assert.Contains("/?Action=ConfirmSubscription&Token=2336412f37", caller.Asked);
        var words = caller.Sns("Notification", null, "Successfully validated SNS topic for Amazon SES event publishing.");
        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync(words)).Status);
    }

    [Fact]
    public async Task The_secret_counts_in_the_address_as_password_and_as_token_and_no_other_one()
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Postmark, null);
        const string Body = """{"RecordType":"Delivery"}""";
        string Basic(string password) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"postmark:{password}"));
        Task<Answer> With(string header) =>
            caller.TellAsync(Body, request => request.Headers.TryAddWithoutValidation("Authorization", header), MailEventSources.Path);

        var nothing = await caller.TellAsync(Body, path: MailEventSources.Path);
        Assert.Equal((HttpStatusCode.Unauthorized, "unauthorized"), (nothing.Status, nothing.Code));
        Assert.Equal("Basic", nothing.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal(HttpStatusCode.NotFound, (await With(Basic("wrong"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.TellAsync(Body, path: $"{MailEventSources.Path}/{caller.Secret}x")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await With(Basic(caller.Secret))).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await With($"Bearer {caller.Secret}")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("[]")]
    [InlineData("17")]
    [InlineData("[null, {}, [[]]]")]
    [InlineData("""{"event":"bounce","time":"NaN","email":"\ud800","CustomID":7,"error":{}}""")]
    [InlineData("""{"event":"spam","time":1e300,"email":"a@b@c","CustomID":"msg_00000000000000000000000000000000","Payload":"{"}""")]
    public async Task What_makes_no_sense_is_kept_and_answered_like_all_else(string body)
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Mailjet, null);
        Assert.Equal(HttpStatusCode.NoContent, (await caller.TellAsync(body)).Status);
    }

    [Fact]
    [Trait("Database", "both")]
    public async Task One_event_about_many_people_keeps_them_apart_and_one_about_too_many_is_none()
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Brevo, null);
        await caller.TellAsync("""{"event":"contact_deleted","email":["ada@two.example","bob@two.example"],"ts":1764400000}""");
        var rows = await OfSourceAsync(caller);
        Assert.Equal(2, rows.Count);
        Assert.All(rows, row => Assert.NotEqual(Names(row, "ada@"), Names(row, "bob@")));

        var (many, lists) = (
            string.Join(',', Enumerable.Range(0, 200).Select(n => $"\"p{n}@many.example\"")),
            string.Join(',', Enumerable.Range(1, 100))
        );
        var answer = await caller.TellAsync($$"""{"event":"unsubscribe","email":[{{many}}],"list_id":[{{lists}}]}""");
        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        var kept = (await OfSourceAsync(caller)).ExceptBy(rows.Select(row => row.Id), row => row.Id);
        Assert.Equal((MailEventType.Other, null), (Assert.Single(kept).Type, kept.Single().Address));

        static bool Names(MailEvent row, string address) => Encoding.UTF8.GetString(row.Body).Contains(address, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    [Trait("Database", "both")]
    public async Task Half_a_character_anywhere_is_nobodys_error_of_ours(string provider)
    {
        using var caller = await MailEventCaller.ForAsync(gateway, provider, null);
        foreach (var (_, sample, _) in MailEventSamples.All.Where(one => one.Provider == provider))
        {
            foreach (var place in new[] { "{to}", "{msg}", "{mid}", "{iso}" })
            {
                var body = sample.Replace(place, @"\ud800", StringComparison.Ordinal);
                var answer = await caller.TellAsync(caller.Fill(body, $"msg_{Guid.CreateVersion7():N}", "ada@nobody.example"));
                Assert.True((int)answer.Status < 500, $"{body}: {answer.Text}");
            }
        }

        var raw = await caller.TellAsync("""{"Type":"Notification","TopicArn":"\ud800","Message":"\ud800"}""");
        Assert.True((int)raw.Status < 500, raw.Text);
    }

    [Theory]
    [InlineData("""{"type":"exploded","address":"a@b.example"}""")]
    [InlineData("""[{"type":"delivered","address":"a@b.example"},{"type":"delivered"}]""")]
    [InlineData("no JSON")]
    public async Task Whoever_writes_events_of_our_own_is_told_what_is_wrong(string body)
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Generic, null);
        var answer = await caller.TellAsync(body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("There is no provider \"mailchimp\"", "mailchimp")]
    [InlineData("give the signing key", "mailgun")]
    [InlineData("signs nothing", "postmark", "--signing-key", "whsec_abc")]
    [InlineData("begins with whsec_", "resend", "--signing-key", "abc")]
    [InlineData("one line of Base64", "sendgrid", "--signing-key", "abc")]
    [InlineData("arn:aws:sns:", "ses")]
    [InlineData("arn:aws:sns:", "brevo", "--topic", "arn:aws:sns:eu-west-1:1:x")]
    [InlineData("no such site", "brevo", "--site", "site_0")]
    public async Task A_source_that_could_not_work_is_not_made(string sentence, params string[] words)
    {
        var result = await CommandResult.OfAsync(() => Task.FromResult(gateway.Services), "", ["mail-events", "add", .. words]);
        Assert.Equal(1, result.Code);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_that_was_removed_is_heard_no_more()
    {
        using var caller = await MailEventCaller.ForAsync(gateway, MailEventFormats.Brevo, null);
        var services = () => Task.FromResult(gateway.Services);
        var id = Infrastructure.Http.PublicId.Format("src", caller.SourceId);
        var listed = (await CommandResult.OfAsync(services, "", "mail-events", "list", "--json")).Json.EnumerateArray();
        Assert.Contains(listed, one => one.GetProperty("id").GetString() == id);

        await CommandResult.OfAsync(services, "", "mail-events", "remove", id);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.TellAsync("{}")).Status);
    }

    [Theory]
    [InlineData("in-v3.mailjet.com", "X-MJ-CustomID", "msg_0123456789abcdef0123456789abcdef")]
    [InlineData("smtp-relay.brevo.com", "X-Mailin-custom", """{"gateway":"msg_0123456789abcdef0123456789abcdef"}""")]
    [InlineData("smtp.postmarkapp.com", "X-PM-Metadata-gateway", "msg_0123456789abcdef0123456789abcdef")]
    [InlineData("email-smtp.eu-west-1.amazonaws.com", "X-SES-MESSAGE-TAGS", "gateway=msg_0123456789abcdef0123456789abcdef")]
    [InlineData("smtp.mailgun.org", "X-Mailgun-Variables", """{"gateway":"msg_0123456789abcdef0123456789abcdef"}""")]
    [InlineData("smtp.resend.com", "X-Entity-Ref-ID", "msg_0123456789abcdef0123456789abcdef")]
    public void A_relay_is_given_what_it_gives_back(string relay, string name, string value) =>
        Assert.Contains((name, value), CorrelationHeaders.Of(relay, Guid.Parse("0123456789abcdef0123456789abcdef")));

    [Fact]
    public void Only_known_relays_get_headers_of_their_own()
    {
        Assert.Empty(CorrelationHeaders.Of("mailjet.com.example", Guid.Empty));
        Assert.Empty(CorrelationHeaders.Of(null, Guid.Empty));
        var sendGrid = Assert.Single(CorrelationHeaders.Of("smtp.sendgrid.net", Guid.Empty));
        Assert.Equal($"msg_{Guid.Empty:N}", (string?)JsonNode.Parse(sendGrid.Value)!["unique_args"]!["gateway"]);
    }

    private static string Sample(string provider, MailEventType type) =>
        MailEventSamples.All.First(one => one.Provider == provider && one.Type == type).Body;

    private static async Task ToldAsync(MailEventCaller caller, string body)
    {
        var answer = await caller.TellAsync(body);
        Assert.True(answer.Status == HttpStatusCode.NoContent, $"{body}: {answer.Text}");
    }

    /// <summary>A transactional mail that the mail server has taken.</summary>
    private static async Task<(string Id, string To)> SentAsync(SiteUnderTest site, string? to = null)
    {
        to ??= $"ada@{Guid.CreateVersion7():N}.example";
        var mail = await site.MailAsync(to);
        await site.BecomesAsync(mail.Id, "sent");
        return (mail.Id, to);
    }

    /// <summary>A mail about a list that was sent to somebody.</summary>
    private async Task<Guid> WelcomeAsync(SiteUnderTest site, string address)
    {
        var subscription = await site.SubscriptionAsync(address);
        var now = gateway.Clock.GetUtcNow().UtcDateTime;
        var id = Guid.CreateVersion7(gateway.Clock.GetUtcNow());
        await gateway.InDatabaseAsync(db =>
            db.WriteAsync(
                () =>
                {
                    db.Messages.Add(
                        new()
                        {
                            Id = id,
                            SiteId = site.Id,
                            Key = $"{id}",
                            Template = "welcome",
                            Language = "en",
                            ContactId = subscription.ContactId,
                            ListId = subscription.ListId,
                            MessageId = id.ToString("N"),
                            State = MessageState.Sent,
                            CreatedAt = now,
                            SentAt = now,
                        }
                    );
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            )
        );
        return id;
    }

    private Task<List<MailEvent>> RowsAsync(string message, string to)
    {
        var id = Infrastructure.Http.PublicId.Parse("msg", message);
        var key = to.ToLowerInvariant();
        return gateway.InDatabaseAsync(db =>
            db.MailEvents.AsNoTracking().Where(row => (id != null && row.MessageId == id) || row.Address == key).ToListAsync()
        );
    }

    private Task<List<MailEvent>> OfSourceAsync(MailEventCaller caller) =>
        gateway.InDatabaseAsync(db =>
            db.MailEvents.AsNoTracking().Where(row => row.SourceId == caller.SourceId).OrderBy(row => row.Id).ToListAsync()
        );

    private Task<List<MailEvent>> SettledAsync(string address, int count) =>
        Eventually.BecomesAsync(() => RowsAsync("", address), rows => rows.Count == count && rows.TrueForAll(row => row.DueAt is null));

    private Task<List<SuppressionReason>> SuppressedAsync(SiteUnderTest site, string address) =>
        gateway.InScopeAsync<Suppressions, List<SuppressionReason>>(async suppressions =>
            (await suppressions.AllOfAsync(SuppressionChannel.Email, site.Id, address, CancellationToken.None)).ConvertAll(row =>
                row.Reason
            )
        );
}
