using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Contacts;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Queue;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Sms.Receipts;

[Trait("Database", "both")]
public sealed class ReceiveReplyTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_reply_becomes_an_event_and_is_answered_by_silence()
    {
        var twilio = await TwilioSite.NewAsync(gateway);

        var answer = await twilio.ReplyAsync("Oui, à 14 h 👍");

        Assert.Equal((HttpStatusCode.OK, "<Response/>"), (answer.Status, answer.Text));
        var told = Assert.Single(await twilio.EventsAsync());
        Assert.Equal("sms.received", told.Type);
        var data = JsonNode.Parse(told.Data)!.AsObject();
        Assert.Equal(["from", "to", "text", "receivedAt", "provider", "mayBeOptOut"], data.Select(member => member.Key));
        Assert.Equal(
            (TwilioSite.Recipient, "+15005550006", "Oui, à 14 h 👍", "twilio"),
            ((string?)data["from"], (string?)data["to"], (string?)data["text"], (string?)data["provider"])
        );
        Assert.Null(await twilio.SuppressedAsync());
    }

    [Theory]
    [InlineData("STOP", null)]
    [InlineData(" stop\n", null)]
    [InlineData("StopAll", null)]
    [InlineData("unsubscribe", null)]
    [InlineData("CANCEL", null)]
    [InlineData("end", null)]
    [InlineData("quit", null)]
    [InlineData("revoke", null)]
    [InlineData("optout", null)]
    [InlineData("Stop.", null)]
    [InlineData("STOP ALL!", null)]
    [InlineData("\"opt-out\"", null)]
    [InlineData("ARRET", "STOP")]
    [InlineData("Stop. Thank you", null)]
    [InlineData("ARRET", null)]
    [InlineData("STOP SMS", null)]
    [InlineData("désinscription", null)]
    public async Task Who_asks_for_no_more_messages_is_suppressed_and_it_is_no_event(string text, string? optOutType)
    {
        var twilio = await TwilioSite.NewAsync(gateway);

        var answer = await twilio.ReplyAsync(text, optOutType);

        Assert.Equal((HttpStatusCode.OK, "<Response/>"), (answer.Status, answer.Text));
        Assert.Equal(SuppressionReason.Unsubscribed, await twilio.SuppressedAsync());
        Assert.Empty(await twilio.EventsAsync());
        Assert.Equal("received", Assert.Single(await twilio.ToldAsync()).Status);
    }

    [Theory]
    [InlineData("Please stop by on Monday", null)]
    [InlineData("Stop? Why?", null)]
    [InlineData("Cancel my table for tonight", null)]
    [InlineData("HELP", null)]
    [InlineData("info", "HELP")]
    [InlineData("", null)]
    public async Task Anything_else_is_a_message_to_read(string text, string? optOutType)
    {
        var twilio = await TwilioSite.NewAsync(gateway);

        await twilio.ReplyAsync(text, optOutType);

        Assert.Equal("sms.received", Assert.Single(await twilio.EventsAsync()).Type);
        Assert.Null(await twilio.SuppressedAsync());
    }

    [Theory]
    [InlineData("START", null)]
    [InlineData("yes", null)]
    [InlineData("Unstop", null)]
    [InlineData("REPRENDRE", "START")]
    public async Task Who_wants_messages_again_gets_them_again(string text, string? optOutType)
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await twilio.ReplyAsync("STOP");

        await twilio.ReplyAsync(text, optOutType);

        Assert.Null(await twilio.SuppressedAsync());
        Assert.Empty(await twilio.EventsAsync());
    }

    [Fact]
    public async Task What_may_ask_for_no_more_messages_waits_for_a_person_until_they_decide()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await twilio.ReplyAsync("Please leave me alone");
        await twilio.ReplyAsync("No more of this, please", from: "+33698765432");
        await twilio.ReplyAsync("See you at two");

        var waiting = await FailedAsync(twilio);
        var shown = await gateway.InScopeAsync<FailedItems, FailedItem?>(failed =>
            failed.FindAsync(waiting[1].Id, CancellationToken.None)
        );
        var replayed = await gateway.InScopeAsync<FailedItems, string?>(failed =>
            failed.ReplayAsync(waiting[1].Id, new(), "cli", CancellationToken.None)
        );
        var suppressed = await CommandResult.OfAsync(
            () => Task.FromResult(gateway.Services),
            "",
            ["suppression", "add", twilio.Site.PublicId, "06 98 76 54 32".Replace("06", "+33 6"), "--reason", "asked for by message"]
        );

        Assert.Equal(["reply_unclear", "reply_unclear"], waiting.Select(item => item.Code));
        Assert.Equal($"{TwilioSite.Recipient}: Please leave me alone", shown!.Body);
        Assert.Null(replayed);
        Assert.Equal(0, suppressed.Code);
        Assert.Empty(await FailedAsync(twilio));
        Assert.Equal(SuppressionReason.Unsubscribed, await twilio.SuppressedAsync("+33698765432"));
        Assert.Null(await twilio.SuppressedAsync());
        Assert.Equal([true, true, false], (await twilio.EventsAsync()).Select(told => (bool)JsonNode.Parse(told.Data)!["mayBeOptOut"]!));
    }

    private Task<List<FailedItem>> FailedAsync(TwilioSite twilio) =>
        gateway.InScopeAsync<FailedItems, List<FailedItem>>(failed => failed.ListAsync(10, [twilio.Site.Id], CancellationToken.None));

    [Fact]
    public async Task What_an_operator_blocked_no_word_lifts()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await gateway.InTransactionAsync<Suppressions, bool>(async suppressions =>
        {
            await suppressions.AddAsync(
                twilio.Site.Id,
                SuppressionChannel.Sms,
                TwilioSite.Recipient,
                SuppressionReason.Complained,
                "operator",
                CancellationToken.None
            );
            return true;
        });

        await twilio.ReplyAsync("START");

        Assert.Equal(SuppressionReason.Complained, await twilio.SuppressedAsync());
    }

    [Fact]
    public async Task A_reply_that_comes_again_is_the_same_reply()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var stop = $"SM{Guid.CreateVersion7():N}";
        await twilio.ReplyAsync("STOP", sid: stop);
        await twilio.ReplyAsync("START");
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => twilio.ReplyAsync("Hello", sid: "SM0123456789abcdef0123456789abcdef")));

        await twilio.ReplyAsync("STOP", sid: stop);

        Assert.Null(await twilio.SuppressedAsync());
        Assert.Single(await twilio.EventsAsync());
        Assert.Equal(3, (await twilio.ToldAsync()).Count);
    }

    [Fact]
    public async Task One_sites_opt_out_is_not_anothers_nor_an_email_addresss()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var other = await TwilioSite.NewAsync(gateway);

        await twilio.ReplyAsync("STOP");

        Assert.Null(await other.SuppressedAsync());
        Assert.Empty(
            await gateway.InScopeAsync<Suppressions, Dictionary<(Guid, string), SuppressionReason>>(suppressions =>
                suppressions.FindAsync(SuppressionChannel.Email, [(twilio.Site.Id, TwilioSite.Recipient)], CancellationToken.None)
            )
        );
    }

    [Fact]
    public async Task A_forged_reply_suppresses_nobody()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        var form = new Dictionary<string, string>
        {
            ["AccountSid"] = twilio.Account,
            ["Body"] = "STOP",
            ["From"] = TwilioSite.Recipient,
            ["MessageSid"] = "SM0123456789abcdef0123456789abcdef",
        };

        var answer = await twilio.PostAsync($"/providers/twilio/{twilio.Site.PublicId}/inbound", form, token: "another token");
        var misdirected = await twilio.PostAsync(
            $"/providers/twilio/{twilio.Site.PublicId}/inbound",
            form,
            signedFor: "http://localhost" + twilio.StatusPath(await twilio.MessageAsync())
        );

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (answer.Status, misdirected.Status));
        Assert.Null(await twilio.SuppressedAsync());
        Assert.Empty(await twilio.ToldAsync());
    }

    [Fact]
    public async Task The_log_tells_neither_numbers_nor_texts()
    {
        var twilio = await TwilioSite.NewAsync(gateway);
        await twilio.ReplyAsync("A secret of theirs", from: "+33698765432");
        await twilio.StatusAsync(await twilio.MessageAsync(row => row.Recipient = "+33698765432"), "undelivered", errorCode: 30003);

        Assert.DoesNotContain(
            gateway.LogLines(),
            line => line.Contains("33698765432", StringComparison.Ordinal) || line.Contains("secret of theirs", StringComparison.Ordinal)
        );
        Assert.Contains(gateway.LogLines(), line => line.Contains(nameof(SmsState.Failed), StringComparison.Ordinal));
    }
}
