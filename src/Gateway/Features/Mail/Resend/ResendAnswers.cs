using System.Net;
using System.Text.RegularExpressions;
using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents.Formats;

namespace Gateway.Features.Mail.Resend;

/// <summary>
/// Whom an answer of Resend concerns. Its errors are <c>{statusCode, name, message}</c>; one name stands for many things, so there the
/// message decides (resend.com/docs/api-reference/errors).
/// </summary>
internal static partial class ResendAnswers
{
    public static MailOutcome Judge(ApiAnswer answer)
    {
        var error = answer.Json.Member("error") ?? answer.Json;
        var (name, message) = (error.Text("name"), error.Text("message"));
        return name switch
        {
            null when answer.IsSuccess && answer.Json.Text("id") is { } id => answer.Sent(id),

            // The key belongs to a mail that was taken; what differs is how we wrote it.
            "invalid_idempotent_request" => answer.SentBefore(),
            "concurrent_idempotent_requests" => new MailOutcome.Unknown("Resend is still at work on this mail."),
            "missing_api_key" or "invalid_api_key" => KeyRefused(answer, name, message),
            "restricted_api_key" or "suspended_api_key" or "inactive_api_key" => KeyRefused(answer, name, message),
            "daily_quota_exceeded" or "monthly_quota_exceeded" => answer.LimitReached(name, message),
            "invalid_from_address" => answer.SenderRefused(name, message),
            "validation_error" when Key().IsMatch(message ?? "") => KeyRefused(answer, name, message),
            "validation_error" when answer.Status == HttpStatusCode.Forbidden || Sender().IsMatch(message ?? "") => answer.SenderRefused(
                name,
                message
            ),
            "validation_error" when Recipient().IsMatch(message ?? "") => answer.Refused(name, message),

            // An error inside a 200.
            not null when answer.IsSuccess => new MailOutcome.Refused(answer.Said(name, message), name, Read: true),
            _ => answer.Judge(name, message),
        };
    }

    /// <returns>
    /// What is wrong with a key; null when it can send. One that may only send is told so, which proves that it is right.
    /// </returns>
    public static string? ErrorOf(ApiAnswer answer) =>
        (answer.IsSuccess && answer.Json.Member("data") is not null) || answer.Json.Text("name") == "restricted_api_key"
            ? null
            : Judge(answer).Answer;

    private static MailOutcome.Held KeyRefused(ApiAnswer answer, string? name, string? message) =>
        answer.CredentialsRefused(
            $"Check ApiKey, in {answer.Settings} or in the site's connection: it may have been deleted at Resend.",
            name,
            message
        );

    [GeneratedRegex("^API key is (invalid|restricted)", RegexOptions.IgnoreCase)]
    private static partial Regex Key();

    /// <summary>"Invalid `from` field. …", "The shop.example domain is not verified. …"</summary>
    [GeneratedRegex("^Invalid `from`|domain is not verified|^You can only send testing emails", RegexOptions.IgnoreCase)]
    private static partial Regex Sender();

    [GeneratedRegex("^Invalid `to`", RegexOptions.IgnoreCase)]
    private static partial Regex Recipient();
}
