using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents.Formats;

namespace Gateway.Features.Mail.Mailjet;

/// <summary>
/// Whom an answer of Mailjet concerns. Of a mail it says <c>{Messages:[{Status, Errors:[{ErrorCode, ErrorMessage, ErrorRelatedTo}]}]}</c>,
/// also with 200, and of a whole call <c>{ErrorCode|ErrorInfo, ErrorMessage}</c> (dev.mailjet.com, Send API v3.1).
/// </summary>
internal static partial class MailjetMailAnswers
{
    public static MailOutcome Judge(ApiAnswer answer)
    {
        var message = answer.Json.Member("Messages").Items().Cast<JsonElement?>().FirstOrDefault();
        return message.Text("Status") switch
        {
            "success" when answer.IsSuccess => answer.Sent(
                message.Member("To").Items().Select(one => one.Text("MessageID")).FirstOrDefault()
            ),
            "error" => OfMail(answer, message.Member("Errors").Items().Cast<JsonElement?>().FirstOrDefault()),
            _ => OfCall(answer),
        };
    }

    /// <returns>What is wrong with an account; null when it can be asked for its senders.</returns>
    public static string? ErrorOf(ApiAnswer answer) =>
        answer.IsSuccess && answer.Json.Member("Data") is not null ? null : OfCall(answer).Answer;

    /// <returns>Whether Mailjet has a mail of the name that was asked for.</returns>
    public static bool IsThere(ApiAnswer answer) => answer.IsSuccess && answer.Json.Member("Data").Items().Any();

    private static MailOutcome OfMail(ApiAnswer answer, JsonElement? error)
    {
        var (code, message) = (error.Text("ErrorCode"), error.Text("ErrorMessage"));
        var about = error.Member("ErrorRelatedTo").Items().Select(JsonReading.TextOf).FirstOrDefault() ?? "";
        return about.StartsWith("To", StringComparison.Ordinal) ? answer.Refused(code, message)
            : about.StartsWith("From", StringComparison.Ordinal) || about.StartsWith("Sender", StringComparison.Ordinal)
                ? answer.SenderRefused(code, message)
            : new MailOutcome.Refused(answer.Said(code, message), $"400 {code}", Read: true);
    }

    private static MailOutcome OfCall(ApiAnswer answer)
    {
        var (code, message) = (answer.Json.Text("ErrorCode", "ErrorInfo"), answer.Json.Text("ErrorMessage"));
        return answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when Blocked().IsMatch($"{code} {message}") => answer.Blocked(
                code,
                message
            ),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => answer.CredentialsRefused(
                $"Check ApiKey and SecretKey, in {answer.Settings} or in the site's connection: a pair that belongs together, of the API "
                    + "and not of SMS, and not revoked.",
                code,
                message
            ),
            _ => answer.Judge(code, message),
        };
    }

    [GeneratedRegex("blocked|suspended|disabled|not active", RegexOptions.IgnoreCase)]
    private static partial Regex Blocked();
}
