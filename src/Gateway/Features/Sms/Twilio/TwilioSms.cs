using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Twilio;

/// <summary>Sends by Twilio's REST API, which tells what becomes of a message by callbacks and, less promptly, when it is asked.</summary>
internal sealed class TwilioSms(ITwilioApi api, IOptions<TwilioOptions> options, TimeProvider clock) : ISmsProvider
{
    private const string Provider = "Twilio";
    private const int MostShown = 1000;

    /// <summary>How far Twilio's clock and ours may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    /// <summary>For receipts that were lost on their way.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromHours(24)];

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
        var message = new TwilioSend(call.Sms.Recipient, isService ? null : sender, isService ? sender : null, call.Sms.Text, call.StatusCallback.AbsoluteUri);
        var answer = await CallAsync(limited => api.SendAsync(account.Name, account.Credentials, message, limited), CancellationToken.None);
        return answer switch
        {
            { IsSuccess: true } when TwilioReports.Of(answer.Text) is { } taken => Outcome(taken),
            { Status: HttpStatusCode.Unauthorized } => TwilioCodes.NotOurAccount((int)HttpStatusCode.Unauthorized),
            { IsRefusal: true, Status: not HttpStatusCode.TooManyRequests } when TwilioReports.Read<TwilioError>(answer.Text) is { Code: { } code } => TwilioCodes.Refusal(code),
            _ => NeverTwice.Judge(answer, Provider),
        };
    }

    /// <summary>Without a filter by date: what waits in Twilio's queue has none yet, and would be passed over.</summary>
    public async Task<SmsSighting> FindAsync(SmsCall call, CancellationToken ct)
    {
        var account = (TwilioOptions)call.Account;
        var from = TwilioOptions.IsMessagingService(Sender(call)) ? null : Sender(call);
        var answer = await CallAsync(limited => api.ListAsync(account.Name, account.Credentials, call.Sms.Recipient, from, MostShown, limited), ct);
        if (!answer.IsSuccess || TwilioReports.Read<TwilioPage>(answer.Text) is not { } page)
        {
            return new SmsSighting.CannotTell($"Twilio did not show its messages ({answer.Status?.ToString() ?? "no answer"}).");
        }

        var fitting = page.Messages.Select(message => message.GetRawText()).Where(text => IsOf(call, TwilioReports.Read<TwilioMessage>(text))).ToList();
        return fitting switch
        {
            [] => new SmsSighting.NotSeen(),
            [var one] when TwilioReports.Of(one) is { } report => new SmsSighting.Seen(report),
            [_] => new SmsSighting.CannotTell("Twilio shows the message in a way that cannot be understood."),
            _ => new SmsSighting.CannotTell("Twilio has several messages that could be this one."),
        };
    }

    public async Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct)
    {
        var account = (TwilioOptions)call.Account;
        var answer = await CallAsync(limited => api.ReadAsync(account.Name, call.Sms.ProviderId!, account.Credentials, limited), ct);
        return answer.IsSuccess ? TwilioReports.Of(answer.Text) : null;
    }

    private bool IsOf(SmsCall call, TwilioMessage? message) =>
        message?.Body == call.Sms.Text
        && message.Direction?.StartsWith("outbound", StringComparison.Ordinal) == true
        && !call.Taken.Contains(message.Sid ?? "")
        && (!TwilioOptions.IsMessagingService(Sender(call)) || message.MessagingServiceSid == Sender(call))
        && DateTimeOffset.TryParse(message.DateCreated, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var created)
        && created >= call.Sms.CalledAt - Skew && created <= call.Sms.CalledAt + TimeLimit + Skew;

    private static string Sender(SmsCall call) => call.Sms.Sender ?? call.Account.Senders[0];

    private static SmsOutcome Outcome(SmsReport taken) => taken.Failure is { } failure
        ? new SmsOutcome.Refused(failure.Code, failure.Reason, failure.ProviderCode)
        : new SmsOutcome.Sent(taken.ProviderId, taken.Price, taken.Currency);

    private Task<SmsAnswer> CallAsync(Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken ct) =>
        SmsAnswer.OfAsync(call, TimeLimit, clock, ct);
}
