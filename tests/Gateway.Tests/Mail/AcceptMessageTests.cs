using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Tests.Hosting;
using Gateway.Tests.Lists;

namespace Gateway.Tests.Mail;

/// <summary>POST /v1/messages: once for each key, and what is refused.</summary>
[Trait("Database", "both")]
public sealed class AcceptMessageTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;
    private readonly string address = $"ada@{Guid.CreateVersion7():N}.example";

    [Fact]
    public async Task It_is_accepted_sent_and_its_content_forgotten()
    {
        var site = await gateway.NewSiteAsync();

        var accepted = await site.MailAsync(address);
        var sent = await site.BecomesAsync(accepted.Id, "sent");

        Assert.Equal((HttpStatusCode.Accepted, "queued"), (accepted.Status, accepted.Status()));
        Assert.StartsWith("msg_", accepted.Id);
        Assert.Equal(
            (address, "plain", "order-4711", null, null, null),
            (
                (string?)sent.Json["to"],
                (string?)sent.Json["template"],
                (string?)sent.Json["reference"],
                (string?)sent.Json["from"],
                (string?)sent.Json["error"],
                (string?)sent.Json["sendAt"]
            )
        );
        Assert.NotNull(sent.Json["sentAt"]);
        Assert.Equal((string?)accepted.Json["createdAt"], (string?)sent.Json["createdAt"]);
        Assert.Null((await site.MessageAsync(_ => true)).Variables);
        Assert.Equal("Your order 4711", (await gateway.MailToAsync(address)).Subject);
    }

    [Fact]
    public async Task What_it_says_rests_encrypted_until_it_was_sent()
    {
        var site = await gateway.NewSiteAsync();

        await site.MailAsync(address, change: body => body["sendAt"] = In(TimeSpan.FromDays(1)));

        var row = await site.MessageAsync(_ => true);
        Assert.DoesNotContain("4711", row.Variables, StringComparison.Ordinal);
        Assert.DoesNotContain("Ada", Encoding.UTF8.GetString(row.ContentHash!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_and_content_is_the_same_mail_whatever_happened_since()
    {
        var site = await gateway.NewSiteAsync();
        var sendAt = In(TimeSpan.FromSeconds(-30));
        var first = await site.MailAsync(address, "order-1", body => body["sendAt"] = sendAt);
        await site.BecomesAsync(first.Id, "sent");
        await site.SuppressAsync(address, SuppressionReason.Bounced);

        // The members in another order are the same content.
        var again = await site.PostMailAsync(
            JsonContent.Create(
                new JsonObject
                {
                    ["sendAt"] = sendAt,
                    ["reference"] = "order-4711",
                    ["variables"] = new JsonObject { ["body"] = "Hello Ada,\n\nit is on its way.", ["subject"] = "Your order 4711" },
                    ["template"] = "plain",
                    ["to"] = address,
                }
            ),
            "order-1"
        );

        Assert.Equal((HttpStatusCode.Accepted, first.Id, "sent"), (again.Status, again.Id, again.Status()));
        Assert.True(again.IsReplayed());
        Assert.False(first.IsReplayed());
        Assert.Equal(1, await site.CountMailsAsync());
        Assert.Single(await gateway.MailsToAsync(address, 1));
    }

    [Theory]
    [InlineData("to", "\"other@shop.example\"")]
    [InlineData("reference", "\"order-4712\"")]
    [InlineData("replyTo", "\"other@shop.example\"")]
    [InlineData("variables", """{"subject":"Your order 4711","body":"Another"}""")]
    public async Task The_same_key_for_other_content_is_a_conflict(string member, string value)
    {
        var site = await gateway.NewSiteAsync();
        await site.MailAsync(address, "order-1");

        var other = await site.MailAsync(address, "order-1", body => body[member] = JsonNode.Parse(value));

        Assert.Equal((HttpStatusCode.Conflict, "key_reused"), (other.Status, other.Code));
        Assert.Equal(1, await site.CountMailsAsync());
    }

    [Fact]
    public async Task Thirty_at_once_are_one_mail()
    {
        var site = await gateway.NewSiteAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.MailAsync(address, "order-1")));
        await site.BecomesAsync(answers[0].Id, "sent");

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Equal(29, answers.Count(answer => answer.IsReplayed()));
        Assert.Equal(1, await site.CountMailsAsync());
        Assert.Single(await gateway.MailsToAsync(address, 1));
    }

    [Fact]
    public async Task A_key_belongs_to_its_site_and_never_meets_the_gateways_own()
    {
        var (one, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        await one.SubmitAsync(email: $"eve@{address.Split('@')[1]}");
        var confirmation = await one.MessageAsync(_ => true);

        var first = await one.MailAsync(address, confirmation.Key);
        var second = await other.MailAsync(address, confirmation.Key);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.Status, second.Status));
        Assert.NotEqual(first.Id, second.Id);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\u0001b")]
    [InlineData("clé")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901")]
    public async Task A_key_is_needed(string? key)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.PostMailAsync(JsonContent.Create(MessageCalls.Mail(address)), key);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]!["Idempotency-Key"]);
        Assert.Equal(0, await site.CountMailsAsync());
    }

    [Theory]
    [InlineData(SuppressionReason.Bounced, HttpStatusCode.Forbidden)]
    [InlineData(SuppressionReason.Complained, HttpStatusCode.Forbidden)]
    [InlineData(SuppressionReason.Unsubscribed, HttpStatusCode.Accepted)]
    public async Task A_bounced_address_is_refused_and_who_left_a_list_still_gets_their_order(object reason, HttpStatusCode expected)
    {
        var site = await gateway.NewSiteAsync();
        await site.SuppressAsync(address, (SuppressionReason)reason);

        var answer = await site.MailAsync(address.ToUpperInvariant());

        Assert.Equal(expected, answer.Status);
        Assert.True(expected == HttpStatusCode.Accepted || answer.Code == "suppressed");
    }

    [Fact]
    public async Task Only_a_sender_of_the_site_may_be_named()
    {
        var site = await gateway.NewSiteAsync(list: one => one.FromEmail = "Lists@shop.example");
        var other = await gateway.NewSiteAsync(one => one.FromEmail = "mine@other.example");

        var allowed = await site.MailAsync(address, change: body => body["from"] = "lists@shop.example");
        var foreign = await site.MailAsync(address, change: body => body["from"] = "mine@other.example");
        var senderless = await gateway.NewSiteAsync(one => one.FromEmail = null);
        var nobody = await senderless.MailAsync(address);

        Assert.Equal("Lists@shop.example", (string?)allowed.Json["from"]);
        Assert.Equal("Lists@shop.example", Assert.Single((await gateway.MailToAsync(address)).From.Mailboxes).Address);
        Assert.Equal((HttpStatusCode.Forbidden, "sender_not_allowed"), (foreign.Status, foreign.Code));
        Assert.Equal((HttpStatusCode.Forbidden, "sender_not_allowed"), (nobody.Status, nobody.Code));
        Assert.Equal(0, await other.CountMailsAsync());
    }

    [Theory]
    [InlineData("""{"template":"fancy"}""", "template")]
    [InlineData("""{"variables":null}""", "variables.subject", "variables.body")]
    [InlineData("""{"variables":{"subject":"Hello"}}""", "variables.body")]
    [InlineData("""{"variables":{"subject":" ","body":"Hello"}}""", "variables.subject")]
    [InlineData("""{"variables":{"subject":null,"body":"Hello"}}""", "variables.subject")]
    public async Task A_template_that_cannot_be_filled_is_refused(string change, params string[] fields)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await PostAsync(site, change);

        Assert.Equal((HttpStatusCode.BadRequest, "template_invalid"), (answer.Status, answer.Code));
        Assert.Equal(fields, answer.Json["errors"]!.AsObject().Select(error => error.Key));
        Assert.Equal(0, await site.CountMailsAsync());
    }

    [Theory]
    [InlineData("""{"to":null}""", "to")]
    [InlineData("""{"to":["ada@example.org","eve@example.org"]}""", "to")]
    [InlineData("""{"to":"ada@example.org, eve@example.org"}""", "to")]
    [InlineData("""{"to":"ada@example.org\r\nBcc: eve@example.org"}""", "to")]
    [InlineData("""{"to":"ada@localhost"}""", "to")]
    [InlineData("""{"replyTo":"Ada <ada@example.org>"}""", "replyTo")]
    [InlineData("""{"replyTo":"ada@example.org\nBcc: eve@example.org"}""", "replyTo")]
    [InlineData("""{"template":""}""", "template")]
    [InlineData("""{"variables":{"subject":"Hello\r\nBcc: eve@example.org","body":"Hello"}}""", "variables.subject")]
    [InlineData("""{"variables":{"subject":"Hello\nthere","body":"Hello"}}""", "variables.subject")]
    [InlineData("""{"variables":{"subject":"Hello\u2028there","body":"Hello"}}""", "variables.subject")]
    [InlineData("""{"variables":{"subject":"Hello\u0000","body":"Hello"}}""", "variables.subject")]
    [InlineData("""{"variables":{"subject":"Hello","body":"Hel\u0000lo"}}""", "variables.body")]
    [InlineData("""{"variables":{"subject":"Hello","body":"Hel\ud800lo"}}""", "variables.body")]
    [InlineData("""{"variables":{"subject":["a"],"body":"Hello"}}""", "variables.subject")]
    [InlineData("""{"variables":[]}""", "variables")]
    [InlineData("""{"reference":"a\nb"}""", "reference")]
    [InlineData("""{"sendAt":"tomorrow"}""", "sendAt")]
    [InlineData("""{"sendAt":"2026-11-23T10:00:00"}""", "sendAt")]
    [InlineData("""{"sendAt":"2020-11-23T10:00:00Z"}""", "sendAt")]
    [InlineData("""{"sendAt":"2099-11-23T10:00:00Z"}""", "sendAt")]
    public async Task What_makes_no_sense_is_refused_with_the_name_of_the_field(string change, string field)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await PostAsync(site, change);

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]![field]);
        Assert.Equal(0, await site.CountMailsAsync());
    }

    [Fact]
    public async Task Too_long_is_refused_and_the_longest_arrives()
    {
        var site = await gateway.NewSiteAsync();
        var subject = new string('ü', 250);
        var body = string.Concat(Enumerable.Repeat("a\n", 10_000));

        var longSubject = await site.MailAsync(address, change: mail => mail["variables"]!["subject"] = subject + "x");
        var longBody = await site.MailAsync(address, change: mail => mail["variables"]!["body"] = body + "x");
        var longest = await site.MailAsync(
            address,
            change: mail => mail["variables"] = new JsonObject { ["subject"] = subject, ["body"] = body }
        );
        await site.BecomesAsync(longest.Id, "sent");

        Assert.NotNull(longSubject.Json["errors"]!["variables.subject"]);
        Assert.NotNull(longBody.Json["errors"]!["variables.body"]);
        Assert.Equal(subject, (await gateway.MailToAsync(address)).Subject);
    }

    [Fact]
    public async Task It_needs_the_scope()
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.PostMailAsync(JsonContent.Create(MessageCalls.Mail(address)), "k", scope: "sms read");

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    private string In(TimeSpan ahead) =>
        (gateway.Clock.GetUtcNow() + ahead).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Put together as text, since not everything that is sent can be a <see cref="JsonNode"/>.</summary>
    private Task<Answer> PostAsync(SiteUnderTest site, string change)
    {
        var good = MessageCalls.Mail(address);
        good.Remove(change.Split('"')[1]);
        return site.PostMailAsync(
            new StringContent(good.ToJsonString()[..^1] + "," + change[1..], Encoding.UTF8, "application/json"),
            "order-1"
        );
    }
}
