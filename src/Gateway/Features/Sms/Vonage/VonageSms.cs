using System.Net;
using System.Text;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Vonage;

/// <summary>
/// Sends by Vonage's Messages API. What becomes of a message is told by signed webhooks alone: the API shows no messages, so one whose
/// answer was lost is settled by its receipt, or by an operator.
/// </summary>
internal sealed class VonageSms(IVonageApi api, IOptions<VonageOptions> options, TimeProvider clock) : ISmsProvider
{
    public const string Settings = "Sms__Vonage";

    private const string Provider = "Vonage";

    /// <summary>The Messages API takes no longer text.</summary>
    private const int MaxText = 1000;

    public string Name => SmsRoute.Vonage;

    public TimeSpan TimeLimit => options.Value.TimeLimit;

    /// <summary>There is nobody to ask.</summary>
    public TimeSpan? AskAgainAfter(int asked) => null;

    /// <summary>Once the call is made its answer is waited for, even while the program shuts down.</summary>
    public async Task<SmsOutcome> SendAsync(SmsCall call, CancellationToken ct)
    {
        if (call.Sms.Text.Length > MaxText)
        {
            return new SmsOutcome.Refused("too_long", $"Vonage takes at most {MaxText} characters.", Elsewhere: true);
        }

        var account = (VonageOptions)call.Account;
        var message = new VonageSend(
            call.Sms.Recipient.TrimStart('+'),
            (call.Sms.Sender ?? account.Senders[0]).TrimStart('+'),
            call.Sms.Text,
            PublicId.Format(PublicId.Sms, call.Sms.Id),
            call.StatusCallback.ToString(),
            new(call.Sms.Encoding == SmsAlphabet.Gsm7 ? "text" : "unicode")
        );
        var answer = await SmsAnswer.OfAsync(
            limited => api.SendAsync(VonageToken.For(account, clock), message, limited),
            TimeLimit,
            clock,
            CancellationToken.None
        );
        var text = Encoding.UTF8.GetBytes(answer.Text);
        return answer switch
        {
            { IsSuccess: true } when VonageJson.Read<VonageTaken>(text) is { MessageUuid: { } id } && VonageReports.IsMessage(id) =>
                new SmsOutcome.Sent(id),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => VonageCodes.NotOurAccount($"{(int)answer.Status}"),
            { IsRefusal: true, Status: { } status and not (HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout) }
                when VonageJson.Read<VonageProblem>(text) is { Title: { Length: > 0 } } problem => VonageCodes.Refusal(status, problem),
            _ => SendResultClassifier.Judge(answer, Provider),
        };
    }

    public Task<LookupResult> FindAsync(SmsCall call, CancellationToken ct) =>
        Task.FromResult<LookupResult>(
            new LookupResult.CannotTell("Vonage's Messages API shows no messages; a receipt may still come, or an operator looks there.")
        );

    public Task<SmsReport?> AskAsync(SmsCall call, CancellationToken ct) => Task.FromResult<SmsReport?>(null);
}
