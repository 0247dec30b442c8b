using Gateway.Features.Sms;
using Gateway.Features.Sms.Twilio;
using Twilio.Base;
using Twilio.Rest.Api.V2010.Account;
using TwilioNumber = Twilio.Types.PhoneNumber;

namespace Gateway.Tests.Sms.Twilio;

/// <summary>What stands between Twilio's package and the network.</summary>
public sealed class TwilioCallTests
{
    private static readonly TwilioOptions Account = new()
    {
        AccountSid = SmsAdapter.AccountSid,
        AuthToken = "token",
        From = "ACME",
    };

    private static readonly CreateMessageOptions Message = new(new TwilioNumber("+33612345678")) { Body = "Your code is 1234" };

    [Fact]
    public async Task Were_the_package_to_call_again_nothing_would_go_out()
    {
        await using var server = RawServer.Answering(RawServer.Answer(429, "{}", "Retry-After: 7\r\n"));

        var answer = await MakeAsync(
            server.Url,
            async client =>
            {
                await Assert.ThrowsAnyAsync<Exception>(() => MessageResource.CreateAsync(Message, client));
                await Assert.ThrowsAnyAsync<Exception>(() => MessageResource.CreateAsync(Message, client));
            }
        );

        Assert.Equal((429, 7), ((int)answer.Status!, answer.RetryAfter?.TotalSeconds));
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_package_does_not_page_through_a_list_on_its_own()
    {
        var page = "{\"messages\":[],\"uri\":\"/a\",\"next_page_uri\":\"/b\",\"page_size\":50}";
        await using var server = RawServer.Answering(RawServer.Answer(200, page));
        ResourceSet<MessageResource>? list = null;

        await MakeAsync(server.Url, async client => list = await MessageResource.ReadAsync(new ReadMessageOptions(), client));

        Assert.ThrowsAny<Exception>(() => list!.ToList());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_fault_before_the_request_is_a_fault_and_not_an_answer()
    {
        var answer = await MakeAsync("http://127.0.0.1:1", _ => throw new InvalidOperationException("before"));

        Assert.Null(answer.Status);
        Assert.IsType<InvalidOperationException>(answer.Error);
        Assert.IsType<SmsOutcome.Unknown>(SendResultClassifier.Judge(answer, "Twilio"));
    }

    [Fact]
    public async Task An_address_with_a_path_is_kept()
    {
        await using var server = RawServer.Answering(RawServer.Answer(404, "{}"));

        await MakeAsync(server.Url + "/twilio/", client => MessageResource.CreateAsync(Message, client));

        var request = Assert.Single(server.Requests);
        Assert.StartsWith($"POST /twilio/2010-04-01/Accounts/{SmsAdapter.AccountSid}/Messages.json ", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_call_that_warms_up_goes_nowhere_and_works() =>
        Assert.Equal(SmsState.Sent, (await TwilioWarmUp.CallAsync(TimeProvider.System, CancellationToken.None))?.State);

    private static async Task<SmsAnswer> MakeAsync(string url, Func<global::Twilio.Clients.ITwilioRestClient, Task> ask)
    {
        using var http = new HttpClient { BaseAddress = new(url) };
        return await TwilioCall.MakeAsync(http, Account, ask, TimeSpan.FromSeconds(10), TimeProvider.System, CancellationToken.None);
    }
}
