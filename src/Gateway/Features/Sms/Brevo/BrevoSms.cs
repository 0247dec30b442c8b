using System.Globalization;
using System.Net;
using System.Text;
using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Brevo;

/// <summary>
/// Sends by Brevo's transactional SMS. What becomes of a message is told at the address that its call names, and when one asks. Brevo says
/// what a message cost in credits of its own, not in money.
/// </summary>
internal sealed class BrevoSms(IBrevoSmsApi api, BrevoCallbackKeys keys, IOptions<BrevoSmsOptions> options, TimeProvider clock)
    : ISmsProvider
{
    public const string Settings = "Sms__Brevo";

    private const string Provider = "Brevo";
    private const int MaxShown = 100;

    /// <summary>How far Brevo's days and ours may be apart.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromDays(1);

    /// <summary>For receipts that were lost on their way.</summary>
    private static readonly TimeSpan[] Pauses =
    [
        TimeSpan.FromMinutes(10),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(24),
    ];

    public string Name => SmsRoute.Brevo;

    public TimeSpan TimeLimit => options.Value.TimeLimit;

    public TimeSpan? AskAgainAfter(int asked) => asked < Pauses.Length ? Pauses[asked] : null;

    /// <summary>Once the call is made its answer is waited for, even while the program shuts down.</summary>
    public async Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct)
    {
        var message = new BrevoSend(
            (call.Sms.Sender ?? call.Account.Senders[0]).TrimStart('+'),
            call.Sms.Recipient.TrimStart('+'),
            call.Sms.Text,
            call.Sms.Encoding == SmsAlphabet.Ucs2,
            Tag(call),
            $"{call.StatusCallback}&key={keys.Of(call.Sms)}"
        );
        var answer = await CallAsync(limited => api.SendAsync(Key(call), message, limited), CancellationToken.None);
        return answer switch
        {
            { IsSuccess: true } when Read<BrevoTaken>(answer) is { MessageId: { } id } => new SmsOutcome.Sent(
                id.ToString(CultureInfo.InvariantCulture)
            ),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => BrevoSmsCodes.NotOurAccount($"{(int)answer.Status}"),
            { IsRefusal: true, Status: { } status and not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) }
                when Read<BrevoError>(answer) is { Code: { Length: > 0 }, Message: not null } error => BrevoSmsCodes.Refusal(
                status,
                error
            ),
            _ => SendResultClassifier.Judge(answer, Provider),
        };
    }

    /// <summary>By the tag of the call, which no other message has.</summary>
    public async Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct) =>
        await ReadAsync(call, ct) switch
        {
            null => new LookupResult.CannotTell("Brevo did not show its messages."),
            [] => new LookupResult.NotFound(),
            var events when BrevoReports.Of(events) is { } report => new LookupResult.Found(report),
            _ => new LookupResult.CannotTell("Brevo shows the message in a way that cannot be understood."),
        };

    public async Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct) =>
        await ReadAsync(call, ct) is { } events && BrevoReports.Of(events) is { } report
            ? report with
            {
                ProviderId = call.Sms.ProviderId!,
            }
            : null;

    /// <returns>The events of the call's message; null when Brevo did not show any.</returns>
    private async Task<IReadOnlyList<BrevoListedEvent>?> ReadAsync(SmsCall call, CancellationToken ct)
    {
        string from = Day(call.Sms.CalledAt!.Value - Skew),
            to = Day(clock.GetUtcNow().UtcDateTime + Skew);
        var answer = await CallAsync(
            limited => api.ReadEventsAsync(Key(call), call.Sms.Recipient.TrimStart('+'), from, to, MaxShown, limited),
            ct
        );
        return answer.IsSuccess && Read<BrevoEvents>(answer) is { } page
            ? [.. (page.Events ?? []).Select(BrevoListedEvent.Of).OfType<BrevoListedEvent>().Where(one => one.Tag == Tag(call))]
            : null;
    }

    private static string Tag(SmsCall call) =>
        string.Create(CultureInfo.InvariantCulture, $"{PublicId.Format(PublicId.Sms, call.Sms.Id)}-{call.Sms.Tries}");

    private static string Day(DateTime time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Key(SmsCall call) => ((BrevoSmsOptions)call.Account).ApiKey!;

    private static T? Read<T>(SmsAnswer answer)
        where T : class => BrevoJson.Read<T>(Encoding.UTF8.GetBytes(answer.Text));

    private Task<SmsAnswer> CallAsync(Func<CancellationToken, Task<HttpResponseMessage>> call, CancellationToken ct) =>
        SmsAnswer.OfAsync(call, TimeLimit, clock, ct);
}
