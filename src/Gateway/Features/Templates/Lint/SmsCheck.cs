using System.Text.RegularExpressions;
using Gateway.Infrastructure.Text;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>What makes an SMS dear, undeliverable or anonymous.</summary>
internal sealed partial class SmsCheck : ILintCheck
{
    private const int ManyParts = 2;

    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (!message.IsSms)
        {
            yield break;
        }

        var text = Placeholders.Fill(message.Text ?? "").Trim();
        if (text.Length == 0)
        {
            yield return New("sms-empty", FindingSeverity.Error, T("The message is empty."));
            yield break;
        }

        var sms = SmsEncoding.Of(text, smart: false);
        if (sms.Note is { } note)
        {
            yield return New(
                "sms-ucs2",
                sms.Parts > 1 ? FindingSeverity.Warning : FindingSeverity.Info,
                note,
                T("Write that character in another way, or switch smart encoding on.")
            );
        }

        if (sms.Parts > ManyParts)
        {
            yield return New(
                "sms-long",
                FindingSeverity.Warning,
                T($"It takes {sms.Parts} parts, and each is paid for."),
                T("Say the rest on a page and link to it.")
            );
        }

        if (
            Addresses()
                .Matches(text)
                .Select(match => match.Groups[1].Value.ToLowerInvariant())
                .FirstOrDefault(LintFiles.Words("shorteners.txt").Contains) is
            { } shortener
        )
        {
            yield return New(
                $"sms-shortener:{shortener}",
                FindingSeverity.Error,
                T($"The link goes through {shortener}. Mobile operators drop messages with shared shorteners."),
                T("Link to your own domain.")
            );
        }

        if (!NamesSender(message, text))
        {
            yield return New(
                "sms-sender",
                FindingSeverity.Info,
                T("The text does not say whom it is from, and a number tells people nothing."),
                T("Begin with the shop's name.")
            );
        }

        if (WordList.Of("promotion", message.Language)?.Find(text).FirstOrDefault(phrase => phrase.IsStrong) is { } promotion)
        {
            yield return new(
                "sms-promotion",
                FindingFamily.Law,
                FindingSeverity.Warning,
                Places.Text,
                T(
                    $"“{promotion.Text}” makes it an advertisement. Transactional SMS must not advertise, and operators "
                        + $"block senders for it."
                ),
                T("Keep advertising for people who agreed to it.")
            );
        }
    }

    /// <summary>By a sender that is a name, or by the text's beginning or end: <c>Ann's Shop: …</c>, <c>… – Ann's Shop</c>.</summary>
    private static bool NamesSender(LintedMessage message, string text) =>
        message.From?.Any(char.IsLetter) == true
        || NameInFront().IsMatch(text)
        || NameAtEnd().IsMatch(text)
        || (message.Text?.Contains("site.name", StringComparison.Ordinal) ?? false);

    private static Finding New(string id, FindingSeverity severity, string reason, string? suggestion = null) =>
        new(id, FindingFamily.Sms, severity, Places.Text, reason, suggestion);

    [GeneratedRegex(@"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:/|\s|$)", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"^[\p{L}\d][\p{L}\d'’&. -]{1,30}\s?[:–—-]\s")]
    private static partial Regex NameInFront();

    [GeneratedRegex(@"(\s[–—-]\s?|\n)\p{Lu}[\p{L}\d'’&. ]{1,30}$")]
    private static partial Regex NameAtEnd();
}
