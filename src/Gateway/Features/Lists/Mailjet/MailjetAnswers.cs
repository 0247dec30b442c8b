using System.Net;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Whom an answer of Mailjet concerns. Its errors are <c>{ErrorInfo, ErrorMessage, StatusCode}</c>.</summary>
internal static partial class MailjetAnswers
{
    public static Verdict Judge(ProviderAnswer answer) =>
        answer.Status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden when Blocked().IsMatch(answer.Text) => Verdict.Account(
                "account_blocked",
                "Mailjet has blocked this account or its API key. Look at it there."
            ),
            HttpStatusCode.BadRequest when Property().IsMatch(answer.Text) => new(
                Concern.Property,
                new ListOutcome.Later("Mailjet answered 400: it does not accept a property.")
            ),
            HttpStatusCode.BadRequest when Address().IsMatch(answer.Text) => Verdict.Refused("Mailjet does not accept this address."),
            _ => answer.Judge(MailjetLists.Name, MailjetLists.Settings),
        };

    /// <summary>The property is gone at Mailjet, so it has to be made again.</summary>
    public static bool IsPropertyGone(ProviderAnswer answer) =>
        answer.Text.Contains("Invalid key name", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("blocked|suspended|disabled|not active", RegexOptions.IgnoreCase)]
    private static partial Regex Blocked();

    [GeneratedRegex(
        """Invalid key name|invalid (value|type|data ?type)|"Properties"\s*:|(property|contactdata)\b.{0,80}\b(value|type|format)\b""",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Property();

    [GeneratedRegex("""\b(invalid|property) email\b|"Email"\s*:""", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
