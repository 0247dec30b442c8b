using System.Net;
using System.Text.Json;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using MimeKit;

namespace Gateway.Features.Mail.Api;

/// <summary>What a provider's API answered to a call: the facts that decide whom it concerns.</summary>
/// <param name="Provider">The provider's name in sentences.</param>
/// <param name="Settings">The section of the installation's settings, <c>Mail__Postmark</c>.</param>
/// <param name="To">Whom the mail is for, whose words are taken out of the provider's; null when the call is about no mail.</param>
internal sealed record ApiAnswer(CallAnswer Call, string Provider, string Settings, MailboxAddress? To = null)
{
    private const string Taken = "taken before";

    public HttpStatusCode? Status => Call.Status;

    /// <summary>The answer's object; null when it is none.</summary>
    public JsonElement? Json { get; } = Parse(Call.Text);

    public bool IsSuccess => Call.IsSuccess && Json is not null;

    /// <summary>Whether it is a page for people: then something in between has answered, and the provider never saw the call.</summary>
    private bool IsPage => Call.Text.AsSpan().TrimStart().StartsWith("<");

    /// <summary>The status and the provider's words on one line, without anybody's address.</summary>
    public string Said(string? code, string? message)
    {
        var said = string.Join(' ', new[] { $"{(int?)Status}", code, message }.Where(part => part is { Length: > 0 }));
        return SmtpErrors.Clean(To is null ? said : SmtpErrors.Without(said, To));
    }

    /// <summary>The provider has it under this name.</summary>
    public MailOutcome.Sent Sent(string? id) => new($"{(int?)Status} {id}");

    /// <summary>The provider knows the mail from a call before, whose answer was lost.</summary>
    public MailOutcome.Sent SentBefore() => new($"{(int?)Status} {Taken}");

    /// <summary>It is about this recipient, or this mail.</summary>
    public MailOutcome.Refused Refused(string? code, string? message, bool isHardBounce = false) =>
        new(Said(code, message), IsHardBounce: isHardBounce);

    /// <summary>It is about our account there.</summary>
    /// <param name="error">As <see cref="ConnectionError.Code"/>.</param>
    /// <param name="sentence">What is wrong and what to do.</param>
    public MailOutcome.Held Account(string error, string sentence, string? code = null, string? message = null) =>
        new(new(Concern.Account, error, $"{sentence} It said: {Said(code, message)}"));

    /// <summary>Mail from this sender is not taken; mail from others may be.</summary>
    public MailOutcome.Held SenderRefused(string? code, string? message) =>
        Account(
            "sender_refused",
            $"{Provider} does not take mail from this sender: have the address or its domain confirmed there.",
            code,
            message
        ) with
        {
            IsSender = true,
        };

    public MailOutcome.Held CredentialsRefused(string sentence, string? code = null, string? message = null) =>
        Account("credentials_refused", $"{Provider} refuses the credentials. {sentence}", code, message);

    public MailOutcome.Held LimitReached(string? code, string? message) =>
        Account(
            "sending_limit",
            $"{Provider} says that a sending limit of this account is reached: wait, or have it raised.",
            code,
            message
        );

    public MailOutcome.Held Blocked(string? code, string? message) =>
        Account(
            "account_blocked",
            $"{Provider} blocks this account, or has not opened it yet: look there for the reason.",
            code,
            message
        );

    /// <summary>
    /// What an answer means that is no success, as all providers mean it; what one alone says is looked at before. A request that was
    /// refused was not taken. Where no answer came, or one that tells of a failure on the way, nobody knows.
    /// </summary>
    /// <param name="code">The provider's code; null where there is none.</param>
    /// <param name="message">Its words; null where there are none.</param>
    public MailOutcome Judge(string? code, string? message) =>
        Status switch
        {
            null when Call.WasNeverSent => Server("provider_unreachable", $"{Provider} cannot be reached ({Call.ErrorKind})."),
            null when Call.Error is OperationCanceledException => new MailOutcome.Unknown($"{Provider} did not answer in time."),
            null => new MailOutcome.Unknown($"{Provider}'s answer was lost, or could not be read ({Call.ErrorKind})."),
            < HttpStatusCode.BadRequest when IsPage => Server(
                "answer_unreadable",
                $"{Provider} answered {(int?)Status} with a page instead of data, so something in between answers in its place: check "
                    + $"{Settings}__BaseUrl, and the proxy or network that this machine is behind."
            ),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => CredentialsRefused(
                $"Check the key, in {Settings} or in the site's connection: it may have been revoked there.",
                code,
                message
            ),
            HttpStatusCode.PaymentRequired => LimitReached(code, message),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => Account(
                "address_wrong",
                $"{Provider} knows no such call: check {Settings}__BaseUrl.",
                code,
                message
            ),
            HttpStatusCode.TooManyRequests => Server("slow_down", $"{Provider} asks us to go slower (429)."),
            HttpStatusCode.RequestTimeout => Server("provider_unavailable", $"{Provider} did not wait for the whole call (408)."),
            HttpStatusCode.RequestEntityTooLarge => Refused(code, message ?? "The mail is larger than the provider takes."),
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotImplemented or (HttpStatusCode)521 or (HttpStatusCode)523 => Server(
                "provider_unavailable",
                $"{Provider} answered {Said(code, message)}.",
                mayBePerson: true
            ),
            >= HttpStatusCode.InternalServerError => new MailOutcome.Unknown(
                $"{Provider} answered {(int?)Status}: it, or something in between, failed after it had the mail."
            ),
            < HttpStatusCode.MultipleChoices => new MailOutcome.Unknown(
                $"{Provider} answered {(int?)Status} with something that cannot be understood."
            ),
            < HttpStatusCode.BadRequest => Account(
                "address_wrong",
                $"{Provider} sends us elsewhere ({(int?)Status}): check {Settings}__BaseUrl."
            ),
            _ => new MailOutcome.Refused(Said(code, message), $"{(int?)Status} {code}", Read: true),
        };

    private MailOutcome.Held Server(string error, string sentence, bool mayBePerson = false) =>
        new(new(Concern.Server, error, sentence, Call.RetryAfter, mayBePerson));

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
