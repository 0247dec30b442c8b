using System.Text.RegularExpressions;

namespace Gateway.Features.Mail;

/// <summary>What mail servers mean by a refusal, for people who do not know their codes (RFC 3463, RFC 7505).</summary>
internal static partial class MailAnswers
{
    /// <param name="answer">As the server gave it, such as <c>550 5.1.1 User unknown</c>.</param>
    /// <returns>A sentence; null where the answer says nothing that is known.</returns>
    public static string? MeaningOf(string? answer) =>
        answer is null || !answer.StartsWith('5') ? null
        : Status().Match(answer) is { Success: true } status ? OfStatus(status.Groups[1].Value) ?? OfWords(answer)
        : OfWords(answer);

    /// <summary>Whether the words say that there is no such mailbox.</summary>
    public static bool SaysNoMailbox(string answer) => NoMailbox().IsMatch(answer);

    private static string? OfStatus(string status) =>
        status switch
        {
            "1.1" or "1.6" => "This mailbox does not exist; probably mistyped.",
            "1.2" or "1.10" or "4.4" => "The domain of this address takes no mail; probably mistyped.",
            "1.3" => "The server does not take this for an address; probably mistyped.",
            "2.1" => "This mailbox is closed or takes no mail.",
            "2.2" => "This mailbox is full.",
            "2.3" or "3.4" => "The mail is larger than the server takes.",
            _ => null,
        };

    private static string? OfWords(string answer) =>
        SaysNoMailbox(answer) ? OfStatus("1.1")
        : Full().IsMatch(answer) ? OfStatus("2.2")
        : null;

    [GeneratedRegex(@"\b5\.(\d\.\d{1,3})\b")]
    private static partial Regex Status();

    [GeneratedRegex(
        "(user|mailbox|recipient|address|account)( is)? (unknown|not found|does not exist|doesn't exist)"
            + "|(unknown|no such|invalid) (user|mailbox|recipient|account)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex NoMailbox();

    [GeneratedRegex("(mailbox|inbox) (is )?full|over ?quota|quota exceeded", RegexOptions.IgnoreCase)]
    private static partial Regex Full();
}
