using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Mailjet;

/// <summary>Sends by Mailjet's SMS API, which tells what becomes of a message only when it is asked.</summary>
internal sealed class MailjetSms(IMailjetSmsApi api, IOptions<MailjetSmsOptions> options, TimeProvider clock) : ISmsProvider
{
    public const string Settings = "Sms__Mailjet";

    private const string Provider = "Mailjet";
    private const int MaxParts = 5;
    private const int MaxId = 64;

    /// <summary>How far Mailjet's clock and ours may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(12),
        TimeSpan.FromHours(24),
    ];

    public string Name => SmsRoute.Mailjet;

    public TimeSpan TimeLimit => options.Value.TimeLimit;

    public TimeSpan? AskAgainAfter(int asked) => asked < Pauses.Length ? Pauses[asked] : null;

    /// <summary>Once the call is made its answer is waited for, even while the program shuts down.</summary>
    public async Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct)
    {
        if (call.Sms.Parts > MaxParts)
        {
            return new SmsOutcome.Refused("too_long", $"Mailjet takes at most {MaxParts} parts.", Elsewhere: true);
        }

        var message = new MailjetSend(Sender(call), call.Sms.Recipient, call.Sms.Text);
        var answer = await CallAsync(limited => api.SendAsync(Token(call), message, limited), CancellationToken.None);
        return answer switch
        {
            { IsSuccess: true } when Report(answer.Text) is { } taken && Read<MailjetMessage>(answer.Text) is { Status: { } status } =>
                MailjetSmsCodes.Refusal(status.Code) ?? new SmsOutcome.Sent(taken.ProviderId, taken.Price, taken.Currency),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => MailjetSmsCodes.NotOurAccount($"{(int)answer.Status}"),
            { IsRefusal: true, Status: not HttpStatusCode.TooManyRequests }
                when Read<MailjetError>(answer.Text) is { ErrorCode: { Length: > 0 } } error => MailjetSmsCodes.Refusal(error),
            _ => SendResultClassifier.Judge(answer, Provider),
        };
    }

    /// <summary>By recipient, sender, parts and time: Mailjet's list shows no texts.</summary>
    public async Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct)
    {
        if (call.IsAmbiguous)
        {
            return new LookupResult.CannotTell(
                "Mailjet's list shows no texts, so it cannot tell this message from another one to the same recipient."
            );
        }

        var called = new DateTimeOffset(call.Sms.CalledAt!.Value);
        long from = (called - Skew).ToUnixTimeSeconds(),
            to = (called + TimeLimit + Skew).ToUnixTimeSeconds();
        var answer = await CallAsync(limited => api.ListAsync(Token(call), call.Sms.Recipient, from, to, limited), ct);
        if (!answer.IsSuccess || Read<MailjetRows>(answer.Text) is not { } rows)
        {
            return new LookupResult.CannotTell($"Mailjet did not show its messages ({answer.Status?.ToString() ?? "no answer"}).");
        }

        return rows.Data.Select(row => row.GetRawText()).Where(text => IsOf(call, Read<MailjetMessage>(text), from, to)).ToList() switch
        {
            [] => new LookupResult.NotFound(),
            [var one] when Report(one) is { } report => new LookupResult.Found(report),
            [_] => new LookupResult.CannotTell("Mailjet shows the message in a way that cannot be understood."),
            _ => new LookupResult.CannotTell("Mailjet has several messages that could be this one."),
        };
    }

    public async Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct)
    {
        var answer = await CallAsync(limited => api.ReadAsync(call.Sms.ProviderId!, Token(call), limited), ct);
        return answer.IsSuccess && Read<MailjetRows>(answer.Text) is { Data: [var row] } ? Report(row.GetRawText()) : null;
    }

    private static bool IsOf(SmsCall call, MailjetMessage? message, long from, long to) =>
        message is { MessageId: { } id, From: { } sender, CreationTS: { } created }
        && sender.Equals(Sender(call), StringComparison.OrdinalIgnoreCase)
        && created >= from
        && created <= to
        && (message.SMSCount ?? call.Sms.Parts) == call.Sms.Parts
        && !call.Taken.Contains(id);

    /// <param name="text">A message as an answer shows it.</param>
    /// <returns>Null when it is none.</returns>
    private static SmsReport? Report(string text)
    {
        if (
            Read<MailjetMessage>(text) is not { MessageId: { Length: > 0 and <= MaxId } id, Status: { } status } message
            || !id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        )
        {
            return null;
        }

        var (price, currency) = SmsPrice.Of(message.Cost?.Value, message.Cost?.Currency);
        return new(
            id,
            MailjetSmsCodes.State(status.Code),
            $"{id}:{status.Code}",
            Encoding.UTF8.GetBytes(text),
            Failure(status.Code),
            price,
            currency
        );
    }

    private static SmsFailure? Failure(int status) =>
        MailjetSmsCodes.State(status) == SmsState.Failed ? MailjetSmsCodes.Failure(status) : null;

    private static string Sender(SmsCall call) => call.Sms.Sender ?? call.Account.Senders[0];

    private static string Token(SmsCall call) => ((MailjetSmsOptions)call.Account).Token!;

    private Task<SmsAnswer> CallAsync(Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken ct) =>
        SmsAnswer.OfAsync(call, TimeLimit, clock, ct);

    /// <returns>Null when it cannot be understood.</returns>
    private static T? Read<T>(string text)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
