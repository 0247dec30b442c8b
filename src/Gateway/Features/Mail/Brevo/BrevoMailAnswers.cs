using System.Net;
using System.Text.RegularExpressions;
using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents.Formats;

namespace Gateway.Features.Mail.Brevo;

/// <summary>
/// Whom an answer of Brevo to a mail concerns. Its errors are <c>{code, message}</c>, and the message may repeat what a person wrote, so
/// what holds everybody is told by the code or by how the message begins (developers.brevo.com, error codes).
/// </summary>
internal static partial class BrevoMailAnswers
{
    public static MailOutcome Judge(ApiAnswer answer)
    {
        var (code, message) = (answer.Json.Text("code"), answer.Json.Text("message"));
        return answer switch
        {
            { IsSuccess: true } when answer.Json.Text("messageId", "messageIds") is { } id => answer.Sent(id),

            // Of one with our idempotency key it says so: the first one was taken, and its answer was lost.
            _ when code == "duplicate_parameter" => answer.SentBefore(),
            _ when code == "not_enough_credits" => answer.LimitReached(code, message),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } when IpAddress().IsMatch(message ?? "") => answer.Account(
                "ip_not_allowed",
                "Brevo blocks this server's IP address. Allow it at Brevo, under Security > Authorised IPs "
                    + "(app.brevo.com/security/authorised_ips)."
            ),
            _ when code is "permission_denied" or "account_under_validation" => answer.Blocked(code, message),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } when Suspended().IsMatch(message ?? "") => answer.Blocked(
                code,
                message
            ),
            { Status: HttpStatusCode.BadRequest } when Sender().IsMatch(message ?? "") => answer.SenderRefused(code, message),
            { Status: HttpStatusCode.BadRequest } when Recipient().IsMatch(message ?? "") => answer.Refused(code, message),

            // 200 with an error inside.
            { IsSuccess: true } when code is not null => new MailOutcome.Refused(answer.Said(code, message), code, Read: true),
            _ => answer.Judge(code, message),
        };
    }

    /// <returns>What is wrong with an account; null when it can tell whose it is.</returns>
    public static string? ErrorOf(ApiAnswer answer) =>
        answer.IsSuccess && answer.Json.Text("email") is not null ? null : Judge(answer).Answer;

    /// <summary>"We have detected you are using an unrecognised IP address …"</summary>
    [GeneratedRegex(@"\bIP\b|authori[sz]ed_ips", RegexOptions.IgnoreCase)]
    private static partial Regex IpAddress();

    [GeneratedRegex("account (is |has been )?(suspended|blocked)", RegexOptions.IgnoreCase)]
    private static partial Regex Suspended();

    /// <summary>"Sending has been rejected because the sender you used … is not valid", "valid sender email required".</summary>
    [GeneratedRegex(
        @"^\W*(sending has been rejected because the sender|(a )?valid sender|sender (is|email|name)|invalid sender)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Sender();

    /// <summary>The beginning: what it repeats of a person stands further on.</summary>
    [GeneratedRegex(
        @"^\W*((the|this) )?(invalid email|email( address)? (is )?(not valid|invalid)|email is not valid in to|to is not valid)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Recipient();
}
