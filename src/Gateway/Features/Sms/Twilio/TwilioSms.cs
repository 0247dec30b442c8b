using System.Net;
using Microsoft.Extensions.Options;
using Twilio.Clients;
using Twilio.Rest.Api.V2010.Account;
using TwilioNumber = Twilio.Types.PhoneNumber;

namespace Gateway.Features.Sms.Twilio;

/// <summary>
/// Sends by Twilio's own package, which builds the requests and reads the messages. What a call proves is judged by what
/// <see cref="TwilioCall"/> saw. Twilio tells what becomes of a message by callbacks and, less promptly, when it is asked.
/// </summary>
internal sealed class TwilioSms(IHttpClientFactory network, IOptions<TwilioOptions> options, TimeProvider clock) : ISmsProvider
{
    /// <summary>The HTTP client that every call to Twilio goes through.</summary>
    public const string HttpName = "twilio";
    public const string Settings = "Sms__Twilio";

    private const string Provider = "Twilio";
    private const int MaxShown = 1000;

    /// <summary>How far Twilio's clock and ours may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>For receipts that were lost on their way.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(24),
    ];

    public string Name => SmsRoute.Twilio;

    public TimeSpan TimeLimit => options.Value.TimeLimit;

    /// <summary>Neither the answer nor a callback tells the price; the message does, some minutes after it was delivered.</summary>
    public TimeSpan? PriceAfter => TimeSpan.FromMinutes(5);

    public TimeSpan? AskAgainAfter(int asked) => asked < Pauses.Length ? Pauses[asked] : null;

    /// <summary>Once the call is made its answer is waited for, even while the program shuts down.</summary>
    public async Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct)
    {
        var account = (TwilioOptions)call.Account;
        var sender = Sender(call);
        var isService = TwilioOptions.IsMessagingService(sender);
        var message = new CreateMessageOptions(new TwilioNumber(call.Sms.Recipient))
        {
            From = isService ? null : new TwilioNumber(sender),
            MessagingServiceSid = isService ? sender : null,
            Body = call.Sms.Text,
            StatusCallback = call.StatusCallback,
        };
        var answer = await CallAsync(account, client => MessageResource.CreateAsync(message, client), CancellationToken.None);
        return answer switch
        {
            { IsSuccess: true } when TwilioReports.Of(answer.Text) is { } taken => Outcome(taken),
            { Status: HttpStatusCode.Unauthorized } => TwilioCodes.NotOurAccount((int)HttpStatusCode.Unauthorized),
            { IsRefusal: true, Status: not HttpStatusCode.TooManyRequests } when TwilioReports.Code(answer.Text) is { } code =>
                TwilioCodes.Refusal(code),
            _ => SendResultClassifier.Judge(answer, Provider),
        };
    }

    /// <summary>Without a filter by date: what waits in Twilio's queue has none yet, and would be passed over.</summary>
    public async Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct)
    {
        var account = (TwilioOptions)call.Account;
        var from = TwilioOptions.IsMessagingService(Sender(call)) ? null : new TwilioNumber(Sender(call));

        // One page. The package would fetch further ones by itself, but only for who goes through what it returns.
        var to = new TwilioNumber(call.Sms.Recipient);
        var list = new ReadMessageOptions
        {
            To = to,
            From = from,
            PageSize = MaxShown,
            Limit = MaxShown,
        };
        var answer = await CallAsync(account, client => MessageResource.ReadAsync(list, client), ct);
        if (!answer.IsSuccess || TwilioReports.Listed(answer.Text) is not { } messages)
        {
            return new LookupResult.CannotTell($"Twilio did not show its messages ({answer.Status?.ToString() ?? "no answer"}).");
        }

        var fitting = messages.Where(text => IsOf(call, TwilioReports.Read(text))).ToList();
        return fitting switch
        {
            [] => new LookupResult.NotFound(),
            [var one] when TwilioReports.Of(one) is { } report => new LookupResult.Found(report),
            [_] => new LookupResult.CannotTell("Twilio shows the message in a way that cannot be understood."),
            _ => new LookupResult.CannotTell("Twilio has several messages that could be this one."),
        };
    }

    public async Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct)
    {
        var account = (TwilioOptions)call.Account;
        var message = new FetchMessageOptions(call.Sms.ProviderId!);
        var answer = await CallAsync(account, client => MessageResource.FetchAsync(message, client), ct);
        return answer.IsSuccess ? TwilioReports.Of(answer.Text) : null;
    }

    private bool IsOf(SmsCall call, MessageResource? message) =>
        message?.Body == call.Sms.Text
        && message.Direction?.ToString().StartsWith("outbound", StringComparison.Ordinal) == true
        && !call.Taken.Contains(message.Sid ?? "")
        && (!TwilioOptions.IsMessagingService(Sender(call)) || message.MessagingServiceSid == Sender(call))
        && TwilioReports.CreatedAt(message) is { } created
        && created >= call.Sms.CalledAt - Skew
        && created <= call.Sms.CalledAt + TimeLimit + Skew;

    private static string Sender(SmsCall call) => call.Sms.Sender ?? call.Account.Senders[0];

    private static SmsOutcome Outcome(SmsReport taken) =>
        taken.Failure is { } failure
            ? new SmsOutcome.Refused(failure.Code, failure.Reason, failure.ProviderCode)
            : new SmsOutcome.Sent(taken.ProviderId, taken.Price, taken.Currency);

    private Task<SmsAnswer> CallAsync(TwilioOptions account, Func<ITwilioRestClient, Task> ask, CancellationToken ct) =>
        TwilioCall.MakeAsync(network.CreateClient(HttpName), account, ask, TimeLimit, clock, ct);
}
