using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sms;
using Gateway.Features.Sms.Receipts;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms.Receipts;

[Trait("Database", "both")]
public sealed class ReceiveStatusTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_receipt_before_the_answer_to_the_send_call_settles_the_message()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();

        var answer = await twilio.StatusAsync(sms, "sent");

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        var row = await twilio.ReadAsync(sms);
        Assert.Equal((SmsState.Sent, TwilioSite.SidOf(sms)), (row.State, row.ProviderId));
        Assert.NotNull(row.SentAt);
        Assert.Equal(10, (row.DueAt!.Value - row.SentAt.Value).TotalMinutes);
        Assert.Equal(sms.Attempts, row.Attempts);
    }

    [Fact]
    public async Task A_message_of_unknown_outcome_is_settled_by_a_definite_receipt()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync(row =>
            (row.State, row.FailureCode, row.Failure, row.Failures) = (SmsState.Unknown, "no_answer", "Twilio did not answer in time.", 3)
        );

        await twilio.StatusAsync(sms, "delivered");

        var row = await twilio.ReadAsync(sms);
        Assert.Equal((SmsState.Delivered, null, null, 0), (row.State, row.FailureCode, row.Failure, row.Failures));
        Assert.NotNull(row.SentAt);
        Assert.NotNull(row.DeliveredAt);
    }

    [Theory]
    [InlineData(SmsState.Queued)]
    [InlineData(SmsState.Cancelled)]
    internal async Task A_call_that_seemed_not_to_have_been_made_but_was_is_not_made_again(SmsState state)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync(row => (row.State, row.DueAt) = (state, null));

        await twilio.StatusAsync(sms, "queued");

        Assert.Equal(SmsState.Sent, (await twilio.ReadAsync(sms)).State);
    }

    [Fact]
    public async Task Each_step_becomes_one_event_and_one_receipt()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync(row => row.Reference = "order 7");

        foreach (var status in new[] { "queued", "sent", "sent", "delivered", "queued", "delivered" })
        {
            Assert.Equal(HttpStatusCode.NoContent, (await twilio.StatusAsync(sms, status)).Status);
        }

        Assert.Equal(SmsState.Delivered, (await twilio.ReadAsync(sms)).State);
        Assert.Equal(["sent", "sent", "delivered"], (await twilio.ToldAsync()).Select(row => row.Status));
        var events = await twilio.EventsAsync();
        Assert.Equal(["sms.sent", "sms.delivered"], events.Select(one => one.Type));
        var view = JsonNode.Parse(events[1].Data)!["sms"]!;
        Assert.Equal(
            ("delivered", "order 7", TwilioSite.Recipient),
            ((string?)view["status"], (string?)view["reference"], (string?)view["to"])
        );
        Assert.Null(view["text"]);
    }

    [Theory]
    [InlineData("delivered", "sent", "queued")]
    [InlineData("queued", "delivered", "sent")]
    [InlineData("delivered", "undelivered", "failed")]
    [InlineData("undelivered", "delivered", "sent")]
    public async Task Whatever_the_order_the_furthest_wins(params string[] order)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();

        foreach (var status in order)
        {
            await twilio.StatusAsync(sms, status);
        }

        var row = await twilio.ReadAsync(sms);
        Assert.Equal((SmsState.Delivered, null), (row.State, row.FailureCode));
        Assert.Equal(3, (await twilio.ToldAsync()).Count);
    }

    [Fact]
    public async Task Receipts_that_come_at_once_do_not_undo_each_other()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();

        await Task.WhenAll(
            Enumerable
                .Range(0, 30)
                .Select(number =>
                    twilio.StatusAsync(
                        sms,
                        (number % 3) switch
                        {
                            0 => "queued",
                            1 => "sent",
                            _ => "delivered",
                        }
                    )
                )
        );

        Assert.Equal(SmsState.Delivered, (await twilio.ReadAsync(sms)).State);
        Assert.Equal(3, (await twilio.ToldAsync()).Count);
        Assert.Single(await twilio.EventsAsync(), one => one.Type == "sms.delivered");
    }

    [Fact]
    public async Task A_failure_says_why_and_keeps_the_code_of_the_provider()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync(row => row.State = SmsState.Sent);

        await twilio.StatusAsync(sms, "undelivered", errorCode: 30003);

        var row = await twilio.ReadAsync(sms);
        Assert.Equal((SmsState.Failed, "unreachable"), (row.State, row.FailureCode));
        Assert.DoesNotContain(TwilioSite.Recipient, row.Failure, StringComparison.Ordinal);
        Assert.Equal("30003", Assert.Single(await twilio.ToldAsync()).Code);
        Assert.Equal("unreachable", (string?)JsonNode.Parse(Assert.Single(await twilio.EventsAsync()).Data)!["sms"]!["error"]!["code"]);
        Assert.Null(await twilio.SuppressedAsync());
    }

    [Fact]
    public async Task Who_opted_out_at_the_provider_is_suppressed_here()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();

        await twilio.StatusAsync(sms, "failed", errorCode: 21610);

        Assert.Equal("suppressed", (await twilio.ReadAsync(sms)).FailureCode);
        Assert.Equal(SuppressionReason.Unsubscribed, await twilio.SuppressedAsync());
    }

    [Theory]
    [InlineData(1, "SM00000000000000000000000000000001")]
    [InlineData(0, null)]
    [InlineData(3, null)]
    public async Task What_is_about_another_call_is_stored_and_changes_nothing(int tries, string? sid)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync(row =>
            (row.Tries, row.ProviderId) = (sid is null ? 2 : 1, sid is null ? null : TwilioSite.SidOf(row))
        );

        Assert.Equal(HttpStatusCode.NoContent, (await twilio.StatusAsync(sms, "delivered", tries: tries, sid: sid)).Status);

        Assert.Equal(SmsState.Sending, (await twilio.ReadAsync(sms)).State);
        Assert.Equal("delivered", Assert.Single(await twilio.ToldAsync()).Status);
        Assert.Empty(await twilio.EventsAsync());
    }

    [Fact]
    public async Task A_repeated_receipt_does_not_settle_what_an_operator_sends_again()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();
        await twilio.StatusAsync(sms, "undelivered", errorCode: 30003);
        await gateway.InDatabaseAsync(async db =>
        {
            var row = await twilio.ReadAsync(sms);
            (row.State, row.ProviderId, row.FailureCode) = (SmsState.Queued, null, null);
            return await db.WriteAsync(
                () =>
                {
                    db.Update(row);
                    return db.SaveChangesAsync();
                },
                CancellationToken.None
            );
        });

        await twilio.StatusAsync(sms, "undelivered", errorCode: 30003);

        Assert.Equal(SmsState.Queued, (await twilio.ReadAsync(sms)).State);
    }

    [Fact]
    public async Task Forged_altered_and_misdirected_receipts_change_nothing()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var other = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();
        var path = twilio.StatusPath(sms);
        Dictionary<string, string> Form() =>
            new()
            {
                ["AccountSid"] = twilio.Account,
                ["MessageSid"] = TwilioSite.SidOf(sms),
                ["MessageStatus"] = "delivered",
            };

        Answer[] answers =
        [
            await twilio.PostAsync(path, Form(), token: "another token"),
            await twilio.PostAsync(path, Form(), tamper: form => form["MessageStatus"] = "failed"),
            await twilio.PostAsync(path, Form(), tamper: form => form["ErrorCode"] = "30003"),
            await twilio.PostAsync(path, Form(), signedFor: "http://localhost" + twilio.StatusPath(sms, tries: 2)),
            await twilio.PostAsync(path, Form(), signedFor: "https://elsewhere.example" + path),
            await twilio.SendAsync(path, new FormUrlEncodedContent(Form()), signature: null),
            await twilio.SendAsync(path, new FormUrlEncodedContent(Form()), signature: ""),
            // Signed by the site's own token, for another account.
            await twilio.PostAsync(path, new(Form()) { ["AccountSid"] = other.Account }),
            // Another site signs as well as it can.
            await other.PostAsync(path, new(Form()) { ["AccountSid"] = other.Account }),
            await other.PostAsync(path, Form()),
            // Sites that do not exist.
            await twilio.PostAsync(
                path.Replace(twilio.Site.PublicId, $"site_{Guid.CreateVersion7():N}", StringComparison.Ordinal),
                Form()
            ),
            await twilio.PostAsync(path.Replace(twilio.Site.PublicId, "nonsense", StringComparison.Ordinal), Form()),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (answer.Status, answer.Code)));
        Assert.Single(answers.Select(answer => (string?)answer.Json["detail"]).Distinct());
        Assert.Equal(SmsState.Sending, (await twilio.ReadAsync(sms)).State);
        Assert.Empty(await twilio.ToldAsync());
        Assert.Empty(await other.ToldAsync());
    }

    [Theory]
    [InlineData("webhooks_sharedkey_1")]
    [InlineData("webhooks_sharedkey_2")]
    public async Task A_receipt_signed_with_a_shared_key_is_taken(string key)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();
        var signer = new TwilioSigner(TwilioSite.SharedKeys[key], HashAlgorithmName.SHA256);

        var settings = $"key={key},algorithm=HMAC_SHA256";
        var answer = await twilio.PostSignedAsync(twilio.StatusPath(sms), Delivered(twilio, sms), signer, settings);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(SmsState.Delivered, (await twilio.ReadAsync(sms)).State);
    }

    [Fact]
    public async Task A_shared_key_opens_only_what_is_signed_with_it()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();
        const string Named = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256";
        var first = TwilioSite.SharedKeys["webhooks_sharedkey_1"];
        Task<Answer> PostAsync(string secret, HashAlgorithmName hash, params string[] settings) =>
            twilio.PostSignedAsync(twilio.StatusPath(sms), Delivered(twilio, sms), new(secret, hash), settings);

        Answer[] answers =
        [
            await PostAsync(twilio.Token, HashAlgorithmName.SHA256, Named),
            await PostAsync(twilio.Token, HashAlgorithmName.SHA1, Named),
            await PostAsync(TwilioSite.SharedKeys["webhooks_sharedkey_2"], HashAlgorithmName.SHA256, Named),
            await PostAsync(first, HashAlgorithmName.SHA1, Named),
            await PostAsync(first, HashAlgorithmName.SHA1),
            await PostAsync(first, HashAlgorithmName.SHA256),
            await PostAsync(first, HashAlgorithmName.SHA256, Named, Named),
            await PostAsync(first, HashAlgorithmName.SHA256, "key=webhooks_sharedkey_3,algorithm=HMAC_SHA256"),
            await PostAsync("", HashAlgorithmName.SHA256, "key=webhooks_sharedkey_3,algorithm=HMAC_SHA256"),
            await PostAsync(first, HashAlgorithmName.SHA256, "key=webhooks_sharedkey_1,algorithm=none"),
        ];

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Forbidden, "forbidden"), (answer.Status, answer.Code)));
        Assert.Equal(SmsState.Sending, (await twilio.ReadAsync(sms)).State);
        Assert.Empty(await twilio.ToldAsync());
    }

    [Fact]
    public async Task Another_sites_message_is_not_found()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var other = await TwilioSite.NewAsync(gateway);
        var theirs = await other.MessageAsync();

        var answer = await twilio.StatusAsync(theirs, "delivered");
        var unknown = await twilio.StatusAsync(
            new()
            {
                Id = Guid.CreateVersion7(),
                Key = "",
                ContentHash = [],
                Recipient = "",
                Text = "",
            },
            "delivered"
        );

        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer.Code));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (unknown.Status, unknown.Code));
        Assert.Equal(SmsState.Sending, (await other.ReadAsync(theirs)).State);
        Assert.Empty(await twilio.ToldAsync());
    }

    [Fact]
    public async Task A_site_without_an_account_takes_no_receipts()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();
        var site = await gateway.NewSiteAsync();

        var answer = await twilio.PostAsync(
            twilio.StatusPath(sms).Replace(twilio.Site.PublicId, site.PublicId, StringComparison.Ordinal),
            new() { ["AccountSid"] = twilio.Account }
        );

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Theory]
    [InlineData("MessageSid", null)]
    [InlineData("MessageSid", "SM1")]
    [InlineData("MessageStatus", null)]
    [InlineData("MessageStatus", "a word that is longer than any that Twilio has ever used for a status")]
    public async Task A_signed_form_that_says_nothing_is_bad(string field, string? value)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var sms = await twilio.MessageAsync();

        var answer = await twilio.StatusAsync(
            sms,
            "delivered",
            change: form =>
            {
                form.Remove(field);
                if (value is not null)
                {
                    form[field] = value;
                }
            }
        );

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Code));
        Assert.Empty(await twilio.ToldAsync());
    }

    [Fact]
    public async Task What_is_no_form_or_too_much_of_one_is_refused()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var path = twilio.StatusPath(await twilio.MessageAsync());
        static ByteArrayContent Form(string text) =>
            new(Encoding.UTF8.GetBytes(text)) { Headers = { ContentType = new("application/x-www-form-urlencoded") } };

        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await twilio.SendAsync(path, new StringContent("{}", Encoding.UTF8, "application/json"), "x")).Status
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await twilio.SendAsync(path, new MultipartFormDataContent { { new StringContent("x"), "MessageSid" } }, "x")).Status
        );
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await twilio.SendAsync(path, Form(string.Join('&', Enumerable.Range(0, 1000).Select(number => $"a{number}=1"))), "x")).Status
        );
        Assert.Equal(HttpStatusCode.Forbidden, (await twilio.SendAsync(path, Form(new string('a', 60_000)), "x")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await twilio.SendAsync(path, Form("%zz=%&&=&=="), "x")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await twilio.SendAsync(path, Form(new string('a', 70_000)), "x")).Status);
    }

    private static Dictionary<string, string> Delivered(TwilioSite twilio, SmsMessage sms) =>
        new()
        {
            ["AccountSid"] = twilio.Account,
            ["MessageSid"] = TwilioSite.SidOf(sms),
            ["MessageStatus"] = "delivered",
        };
}
