using System.Text.RegularExpressions;
using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents.Formats;

namespace Gateway.Features.Mail.Postmark;

/// <summary>
/// Whom an answer of Postmark concerns. Every answer is <c>{ErrorCode, Message}</c>, and code 0 alone is a success, whatever the status is
/// (postmarkapp.com, API error codes).
/// </summary>
internal static partial class PostmarkAnswers
{
    public static MailOutcome Judge(ApiAnswer answer)
    {
        var (code, message) = (answer.Json.Text("ErrorCode"), answer.Json.Text("Message"));
        return code switch
        {
            "0" when answer.IsSuccess => answer.Sent(answer.Json.Text("MessageID")),
            "10" => TokenRefused(answer, message),
            "300" when Sender().IsMatch(message ?? "") => answer.SenderRefused(code, message),
            "300" when Recipient().IsMatch(message ?? "") => answer.Refused(code, message),
            "400" or "401" => answer.SenderRefused(code, message),
            "405" => answer.LimitReached(code, message),

            // A hard bounce, a complaint, or somebody at Postmark: none of them will get anything.
            "406" => answer.Refused(code, message, isHardBounce: true),
            "412" or "413" => answer.Blocked(code, message),
            "1221" or "1226" or "1235" => answer.Account(
                "stream_unknown",
                $"Postmark does not know the message stream: check MessageStream, in {answer.Settings} or in the site's connection.",
                code,
                message
            ),

            // An error inside a 200.
            not null when answer.IsSuccess => new MailOutcome.Refused(answer.Said(code, message), code, Read: true),
            _ => answer.Judge(code, message),
        };
    }

    /// <returns>What is wrong with a server's token; null when it can send.</returns>
    public static string? ErrorOf(ApiAnswer answer) =>
        answer.Json.Text("ErrorCode") is null && answer.IsSuccess && answer.Json.Text("DeliveryType") is { } delivers
            ? delivers == "Sandbox"
                ? "This server at Postmark is a sandbox: it takes mails and delivers none. Take the token of a live one."
                : null
            : Judge(answer).Answer;

    private static MailOutcome.Held TokenRefused(ApiAnswer answer, string? message) =>
        answer.CredentialsRefused(
            $"Check ServerToken, in {answer.Settings} or in the site's connection: the token of a server, not that of the account, and not "
                + "revoked.",
            "10",
            message
        );

    /// <summary>"Invalid 'From' address: …", "Error parsing 'From': …"</summary>
    [GeneratedRegex("^[^:]{0,40}'From'")]
    private static partial Regex Sender();

    [GeneratedRegex("^[^:]{0,40}'To'|^Zero recipients")]
    private static partial Regex Recipient();
}
