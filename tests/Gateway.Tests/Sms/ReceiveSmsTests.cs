using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sms;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sms;

[Trait("Database", "both")]
public class ReceiveSmsTests
{
    private readonly GatewayUnderTest _gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task An_sms_is_accepted_sent_once_and_delivered()
    {
        var site = await _gateway.NewSiteAsync();
        var script = _gateway.Sms.For(site);

        var answer = await site.SendSmsAsync(
            "06 12 34 56 78",
            "Votre code : 1234",
            change: body => (body["country"], body["reference"]) = ("FR", "order-7")
        );

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal("+33612345678", (string?)answer.Json["to"]);
        Assert.Equal("queued", (string?)answer.Json["status"]);
        Assert.Equal("gsm7", (string?)answer.Json["encoding"]);
        Assert.Equal(1, (int)answer.Json["parts"]!);
        await site.SmsBecomesAsync(answer.Id, SmsState.Delivered);
        Assert.Equal("Votre code : 1234", Assert.Single(script.Calls).Text);
        Assert.Equal(["sms.sent", "sms.delivered"], await site.SmsEventsAsync());

        var read = await site.AuthorizedAsync(HttpMethod.Get, $"/v1/sms/{answer.Id}", scope: "read");
        Assert.Equal("delivered", (string?)read.Json["status"]);
        Assert.Equal("order-7", (string?)read.Json["reference"]);
        Assert.NotNull((string?)read.Json["deliveredAt"]);
        Assert.Equal("delivered", (string?)read.Json["receipts"]!.AsArray()[^1]!["status"]);
        Assert.Equal(
            [
                "createdAt",
                "deliveredAt",
                "encoding",
                "encodingNote",
                "error",
                "id",
                "parts",
                "price",
                "provider",
                "receipts",
                "reference",
                "sendAt",
                "sender",
                "sentAt",
                "status",
                "text",
                "to",
            ],
            read.Json.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_key_is_needed_and_keeps_its_meaning()
    {
        var site = await _gateway.NewSiteAsync();
        var without = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms",
            new JsonObject { ["to"] = SmsRequests.Number, ["text"] = "Hi" }
        );
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        Assert.NotNull(without.Json["errors"]!["Idempotency-Key"]);

        var first = await site.SendSmsAsync(text: "Hi", key: "zap-1");
        var again = await site.SendSmsAsync(text: "Hi", key: "zap-1");
        var other = await site.SendSmsAsync(text: "Ho", key: "zap-1");

        Assert.Equal(first.Id, again.Id);
        Assert.Equal(HttpStatusCode.Accepted, again.Status);
        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(HttpStatusCode.Conflict, other.Status);
        Assert.Equal("key_reused", other.Code);
    }

    [Fact]
    public async Task Identical_calls_at_once_are_one_sms()
    {
        var site = await _gateway.NewSiteAsync();
        var script = _gateway.Sms.For(site);

        var answers = await Task.WhenAll(Enumerable.Range(0, FullRun.IsAsked ? 1000 : 200).Select(_ => site.SendSmsAsync(key: "loop")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        var id = Assert.Single(answers.Select(answer => answer.Id).Distinct());
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotent-Replayed"));
        await site.SmsBecomesAsync(id, SmsState.Delivered);
        Assert.Single(script.Calls);
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("abc", "number_invalid")]
    [InlineData("1-800-FLOWERS", "number_invalid")]
    [InlineData("112", "number_invalid")]
    [InlineData("+3361234567890123", "number_invalid")]
    [InlineData("+33612345678 ext. 4", "number_invalid")]
    [InlineData("+33612345678;ext=4", "number_invalid")]
    [InlineData("+33899123456", "number_invalid")]
    [InlineData("+33140205050", "number_invalid")]
    [InlineData("0612345678", "number_invalid")]
    [InlineData("+999123456789", "number_invalid")]
    [InlineData("+33612345678,+33612345679", "number_invalid")]
    public async Task A_number_that_takes_no_sms_is_refused_with_its_field(string to, string code)
    {
        var site = await _gateway.NewSiteAsync();
        var answer = await site.SendSmsAsync(to);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(code, answer.Code);
        Assert.NotEmpty((string)answer.Json["errors"]!["to"]![0]!);
        Assert.Equal(0, await CountAsync(site));
    }

    [Theory]
    [InlineData("+٣٣٦١٢٣٤٥٦٧٨", null, "+33612345678")]
    [InlineData("+３３６１２３４５６７８", null, "+33612345678")]
    [InlineData("+33 (0)6 12-34.56 78", null, "+33612345678")]
    [InlineData("06 12 34 56 78", "fr", "+33612345678")]
    [InlineData("(212) 555-2368", "US", "+12125552368")]
    public async Task A_number_may_be_written_as_people_write_it(string to, string? country, string number)
    {
        var site = await _gateway.NewSiteAsync();
        var answer = await site.SendSmsAsync(to, change: body => body["country"] = country);
        Assert.Equal(number, (string?)answer.Json["to"]);
    }

    [Theory]
    [InlineData("", "invalid_request")]
    [InlineData("   \n ", "invalid_request")]
    [InlineData("a\0b", "invalid_request")]
    [InlineData("\u001b[31mred", "invalid_request")]
    public async Task A_text_that_cannot_be_sent_is_refused_with_its_field(string text, string code)
    {
        var site = await _gateway.NewSiteAsync();
        var answer = await site.SendSmsAsync(text: text);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(code, answer.Code);
        Assert.NotNull(answer.Json["errors"]!["text"]);
    }

    /// <summary>Half of a pair of UTF-16 units is no text: no database takes it, and no phone could show it.</summary>
    [Theory]
    [InlineData("text")]
    [InlineData("to")]
    [InlineData("sender")]
    [InlineData("country")]
    [InlineData("reference")]
    public async Task Half_a_character_is_refused_with_its_field(string field)
    {
        var site = await _gateway.NewSiteAsync();
        var body = new JsonObject
        {
            ["to"] = SmsRequests.Number,
            ["text"] = "Hi",
            [field] = "HALF",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sms")
        {
            Content = new StringContent(body.ToJsonString().Replace("HALF", "\\ud83d"), Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await site.TokenAsync());
        request.Headers.Add("Idempotency-Key", "half");

        using var response = await site.Browser.SendAsync(request);

        var answer = await Answer.ReadAsync(response);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.NotNull(answer.Json["errors"]![field]);
        Assert.Equal(0, await CountAsync(site));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_and_one_that_just_fits_is_not()
    {
        var site = await _gateway.NewSiteAsync();
        Assert.Equal("invalid_request", (await site.SendSmsAsync(text: new string('a', 1601))).Code);
        Assert.Equal(10, (int)(await site.SendSmsAsync(text: new string('a', 1530))).Json["parts"]!);
        Assert.Equal("too_many_parts", (await site.SendSmsAsync(text: new string('a', 1531))).Code);
        Assert.Equal("too_many_parts", (await site.SendSmsAsync(text: string.Concat(Enumerable.Repeat("é😀", 400)))).Code);
    }

    [Fact]
    public async Task Typographic_characters_may_become_plain_ones_and_the_answer_says_what_they_cost()
    {
        var site = await _gateway.NewSiteAsync();
        var text = "C’est prêt…" + new string('a', 140);
        var curly = await site.SendSmsAsync(text: text.Replace("ê", "e"));
        Assert.Equal("ucs2", (string?)curly.Json["encoding"]);
        Assert.Equal(3, (int)curly.Json["parts"]!);
        Assert.Contains("’ (U+2019)", (string?)curly.Json["encodingNote"]);
        Assert.Contains("smartEncoding", (string?)curly.Json["encodingNote"]);

        var plain = await site.SendSmsAsync(text: text.Replace("ê", "e"), change: body => body["smartEncoding"] = true);
        Assert.Equal("gsm7", (string?)plain.Json["encoding"]);
        Assert.Equal(1, (int)plain.Json["parts"]!);
        Assert.StartsWith("C'est pret...", (string?)plain.Json["text"]);

        // ê has no plain form, so nothing is gained and the text stays as it was typed.
        Assert.StartsWith(
            "C’est prêt…",
            (string?)(await site.SendSmsAsync(text: text, change: body => body["smartEncoding"] = true)).Json["text"]
        );
    }

    [Fact]
    public async Task Several_recipients_are_refused()
    {
        var site = await _gateway.NewSiteAsync();
        var answer = await site.SendSmsAsync(change: body => body["to"] = new JsonArray(SmsRequests.Number, "+33612345679"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer.Code);
        Assert.NotNull(answer.Json["errors"]!["to"]);
    }

    [Fact]
    public async Task What_a_site_may_not_send_is_refused_before_anything_is_stored()
    {
        var site = await _gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => rules.Countries = "FR,BE");
        Assert.Equal("country_not_allowed", (await site.SendSmsAsync("+12125552368")).Code);
        Assert.Equal("sender_not_allowed", (await site.SendSmsAsync(change: body => body["sender"] = "PayPal")).Code);

        await _gateway.InTransactionAsync<Suppressions, bool>(async suppressions =>
        {
            await suppressions.AddAsync(
                site.Id,
                SuppressionChannel.Sms,
                SmsRequests.Number,
                SuppressionReason.Unsubscribed,
                "twilio",
                CancellationToken.None
            );
            return true;
        });
        var suppressed = await site.SendSmsAsync();
        Assert.Equal(HttpStatusCode.Forbidden, suppressed.Status);
        Assert.Equal("suppressed", suppressed.Code);
        Assert.Equal(0, await CountAsync(site));

        var unrouted = await _gateway.NewSiteAsync();
        await unrouted.SetSmsRulesAsync(rules => rules.Route = "44=sandbox");
        Assert.Equal("sms_not_configured", (await unrouted.SendSmsAsync()).Code);
    }

    [Fact]
    public async Task A_replay_is_answered_as_before_whatever_has_changed_since()
    {
        var site = await _gateway.NewSiteAsync();
        var first = await site.SendSmsAsync(key: "k");
        await site.SetSmsRulesAsync(rules => rules.Countries = "US");
        Assert.Equal(first.Id, (await site.SendSmsAsync(key: "k")).Id);
        Assert.Equal("country_not_allowed", (await site.SendSmsAsync(key: "new")).Code);
    }

    [Fact]
    public async Task A_budget_is_spent_by_parts_and_never_overspent()
    {
        var site = await _gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => (rules.PartsPerDay, rules.PerRecipientHour) = (10, 1000));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(at => site.SendSmsAsync($"+3361234{at:0000}", new string('a', 161)))
        );

        Assert.Equal(5, answers.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Accepted),
            answer => Assert.Equal("budget_exceeded", answer.Code)
        );
        Assert.Equal(5, await CountAsync(site));
    }

    [Fact]
    public async Task A_recipient_gets_only_so_many_within_an_hour_and_the_month_has_an_end_too()
    {
        var site = await _gateway.NewSiteAsync();
        await site.SetSmsRulesAsync(rules => (rules.PerRecipientHour, rules.PartsPerMonth) = (2, 4));
        var codes = new List<string?>();
        for (var at = 0; at < 4; at++)
        {
            var answer = await site.SendSmsAsync();
            codes.Add(answer.Status == HttpStatusCode.Accepted ? "ok" : answer.Code);
        }

        Assert.Equal(["ok", "ok", "recipient_limit", "recipient_limit"], codes);
        Assert.Equal(HttpStatusCode.Accepted, (await site.SendSmsAsync("+33612345679")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await site.SendSmsAsync("+33612345679")).Status);
        Assert.Equal("budget_exceeded", (await site.SendSmsAsync("+33612345670")).Code);
    }

    [Fact]
    public async Task A_scheduled_sms_waits_and_can_be_cancelled_until_it_is_sent()
    {
        var site = await _gateway.NewSiteAsync();
        var script = _gateway.Sms.For(site);
        var later = In(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(5));
        var scheduled = await site.SendSmsAsync(change: body => body["sendAt"] = later);
        Assert.Equal("scheduled", (string?)scheduled.Json["status"]);
        Assert.Contains(
            "30 days",
            (string?)
                (await site.SendSmsAsync(change: body => body["sendAt"] = In(TimeSpan.FromDays(30) + TimeSpan.FromMinutes(5)))).Json[
                    "detail"
                ]
        );

        var cancelled = await site.AuthorizedAsync(HttpMethod.Post, $"/v1/sms/{scheduled.Id}/cancel");
        Assert.Equal("cancelled", (string?)cancelled.Json["status"]);
        Assert.Equal(HttpStatusCode.OK, (await site.AuthorizedAsync(HttpMethod.Post, $"/v1/sms/{scheduled.Id}/cancel")).Status);

        var sent = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sent.Id, SmsState.Delivered);
        Assert.Equal("too_late", (await site.AuthorizedAsync(HttpMethod.Post, $"/v1/sms/{sent.Id}/cancel")).Code);
        Assert.Single(script.Calls);
    }

    [Theory]
    [InlineData("2020-01-01T10:00:00Z")]
    [InlineData("2099-01-01T10:00:00Z")]
    [InlineData("2026-12-01T10:00:00")]
    [InlineData("tomorrow")]
    public async Task A_time_that_cannot_be_kept_is_refused(string sendAt)
    {
        var site = await _gateway.NewSiteAsync();
        var answer = await site.SendSmsAsync(change: body => body["sendAt"] = sendAt);
        Assert.Equal("invalid_request", answer.Code);
        Assert.NotNull(answer.Json["errors"]!["sendAt"]);
    }

    [Fact]
    public async Task A_site_sees_only_its_own_and_finds_them_by_number_and_reference()
    {
        var (site, other) = (await _gateway.NewSiteAsync(), await _gateway.NewSiteAsync());
        var sms = await site.SendSmsAsync(change: body => body["reference"] = "order-9");
        await site.SendSmsAsync("+33612345679");

        Assert.Equal(HttpStatusCode.NotFound, (await other.AuthorizedAsync(HttpMethod.Get, $"/v1/sms/{sms.Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.AuthorizedAsync(HttpMethod.Post, $"/v1/sms/{sms.Id}/cancel")).Status);
        Assert.Empty(await SearchAsync(other, "to", SmsRequests.Number));
        Assert.Equal(sms.Id, (string?)Assert.Single(await SearchAsync(site, "to", SmsRequests.Number))!["id"]);
        Assert.Equal(sms.Id, (string?)Assert.Single(await SearchAsync(site, "reference", "order-9"))!["id"]);
        Assert.Equal("invalid_request", (await site.AuthorizedAsync(HttpMethod.Post, "/v1/sms/search", new JsonObject())).Code);
        Assert.Equal(
            "number_invalid",
            (await site.AuthorizedAsync(HttpMethod.Post, "/v1/sms/search", new JsonObject { ["to"] = "0612" })).Code
        );
        var national = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms/search",
            new JsonObject { ["to"] = "06 12 34 56 78", ["country"] = "FR" }
        );
        Assert.Equal(sms.Id, (string?)Assert.Single(national.Json["items"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task A_token_without_the_scope_sends_nothing()
    {
        var site = await _gateway.NewSiteAsync();
        var answer = await site.AuthorizedAsync(
            HttpMethod.Post,
            "/v1/sms",
            new JsonObject { ["to"] = SmsRequests.Number, ["text"] = "Hi" },
            "contacts read",
            "k"
        );
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(0, await CountAsync(site));
    }

    private string In(TimeSpan time) =>
        (_gateway.Clock.GetUtcNow() + time).UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<JsonArray> SearchAsync(SiteUnderTest site, string member, string value) =>
        (await site.AuthorizedAsync(HttpMethod.Post, "/v1/sms/search", new JsonObject { [member] = value })).Json["items"]!.AsArray();

    private Task<int> CountAsync(SiteUnderTest site) => _gateway.InDatabaseAsync(db => db.Sms.CountAsync(row => row.SiteId == site.Id));
}
