using System.Net;
using Gateway.Infrastructure;
using Microsoft.Extensions.Options;
using Twilio.Rest.Api.V2010.Account;
using TwilioNumber = Twilio.Types.PhoneNumber;

namespace Gateway.Features.Sms.Twilio;

/// <summary>
/// Makes a call that goes nowhere once the program runs. The first use of Twilio's package costs seconds of computing: it is 10 MB of code,
/// which is compiled and looked through on the way. Done here, in the background, neither the start nor a message waits for it.
/// </summary>
internal sealed class TwilioWarmUp(
    IOptions<SmsOptions> sms,
    IOptions<GatewayOptions> gateway,
    IHostApplicationLifetime program,
    TimeProvider clock
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!gateway.Value.IsWorker || !SmsRoute.Providers(sms.Value.Route).Contains(SmsRoute.Twilio))
        {
            return;
        }

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var starting = program.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await CallAsync(clock, stoppingToken);
    }

    /// <returns>What came back, as it would from Twilio.</returns>
    internal static async Task<SmsReport?> CallAsync(TimeProvider clock, CancellationToken ct)
    {
        using var nowhere = new HttpClient(new Nowhere()) { BaseAddress = new("https://twilio.invalid") };
        var account = new TwilioOptions { AccountSid = "AC00000000000000000000000000000000", AuthToken = "none" };
        var message = new CreateMessageOptions(new TwilioNumber("+15005550006")) { Body = "" };
        var limit = TimeSpan.FromMinutes(1);
        var answer = await TwilioCall.MakeAsync(
            nowhere,
            account,
            client => MessageResource.CreateAsync(message, client),
            limit,
            clock,
            ct
        );
        return TwilioReports.Of(answer.Text);
    }

    /// <summary>Answers as Twilio does, without a network.</summary>
    private sealed class Nowhere : HttpMessageHandler
    {
        private const string Message = """
            {"sid":"SM00000000000000000000000000000000","status":"queued","direction":"outbound-api","body":"","from":"+15005550006",
            "to":"+15005550006","date_created":"Fri, 01 Jan 2021 00:00:00 +0000","num_segments":"1","price":"-0.0075",
            "price_unit":"USD","error_code":null}
            """;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(Message) });
    }
}
