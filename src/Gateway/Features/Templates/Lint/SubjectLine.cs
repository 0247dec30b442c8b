using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>Subject, preheader and sender: the three things that decide whether a mail is opened.</summary>
internal sealed partial class SubjectLine : ILintCheck
{
    /// <summary>Characters that common programs show: phones about 40, desktops about 60 to 70; beyond 90 nobody shows it.</summary>
    private const int OnPhones = 40;
    private const int OnDesktops = 65;
    private const int Nowhere = 90;

    private const int ShortPreheader = 30;
    private const int LettersThatShout = 8;

    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (message.IsSms)
        {
            return [];
        }

        var subject = Placeholders.Fill(message.Subject ?? "").Trim();
        return subject.Length == 0
            ?
            [
                New(
                    "subject-missing",
                    FindingSeverity.Error,
                    Places.Subject,
                    T("There is no subject. Many filters take such mails for spam."),
                    T("Say in a few words what the mail is about.")
                ),
            ]
            : [.. OfLength(subject), .. OfTone(subject), .. OfPreheader(message, subject)];
    }

    private static IEnumerable<Finding> OfLength(string subject)
    {
        var length = new StringInfo(subject).LengthInTextElements;
        if (length > OnPhones)
        {
            yield return New(
                "subject-long",
                length > Nowhere ? FindingSeverity.Warning : FindingSeverity.Info,
                Places.Subject,
                length > OnDesktops
                    ? T($"The subject has {length} characters; most programs show {OnPhones} to {OnDesktops} of them.")
                    : T($"The subject has {length} characters; phones show about {OnPhones} of them."),
                T("Put what matters first.")
            );
        }
    }

    private static IEnumerable<Finding> OfTone(string subject)
    {
        var words = Letters().Matches(subject).Select(match => match.Value).ToList();
        var loud = words.Where(word => word.Length > 1 && word.All(char.IsUpper)).Sum(word => word.Length);
        var all = words.Sum(word => word.Length);
        if (loud >= LettersThatShout && loud * 2 > all)
        {
            yield return New(
                "subject-capitals",
                FindingSeverity.Warning,
                Places.Subject,
                T("Most of the subject is in capitals, which reads like shouting and counts as a sign of spam."),
                T("Write it as a sentence.")
            );
        }

        if (Repeated().IsMatch(subject) || subject.Count(letter => letter == '!') > 2)
        {
            yield return New(
                "subject-punctuation",
                FindingSeverity.Warning,
                Places.Subject,
                T("Repeated punctuation marks are a sign of spam."),
                T("One mark, or none.")
            );
        }

        if (Money().IsMatch(subject))
        {
            yield return New(
                "subject-money",
                FindingSeverity.Warning,
                Places.Subject,
                T("Rows of currency signs are a sign of spam."),
                T("Write the amount once.")
            );
        }

        if (FakeReply().IsMatch(subject))
        {
            yield return New(
                "subject-fake-reply",
                FindingSeverity.Error,
                Places.Subject,
                T("The subject pretends to be a reply or forwarded. Gmail's rules for senders forbid that, and readers feel deceived."),
                T("Leave the prefix out.")
            );
        }

        if (Spaced().IsMatch(subject) || Disguised().IsMatch(subject))
        {
            yield return New(
                "subject-disguised",
                FindingSeverity.Warning,
                Places.Subject,
                T("Letters are spaced out or exchanged for signs. Filters know this as an attempt to hide a word."),
                T("Write the word plainly.")
            );
        }

        if (subject.EnumerateRunes().Count(IsPicture) > 2)
        {
            yield return New(
                "subject-emoji",
                FindingSeverity.Info,
                Places.Subject,
                T("One emoji is noticed; more than two look like advertising.")
            );
        }
    }

    private static IEnumerable<Finding> OfPreheader(LintedMessage message, string subject)
    {
        var preheader = Placeholders.Fill(message.Preheader ?? "").Trim();
        if (preheader.Length == 0)
        {
            yield return New(
                "preheader-missing",
                FindingSeverity.Info,
                Places.Preheader,
                T("Without a preheader, inboxes show the first words of the mail beside the subject."),
                T("Add a sentence that goes on where the subject ends.")
            );
        }
        else if (string.Equals(preheader, subject, StringComparison.OrdinalIgnoreCase))
        {
            yield return New(
                "preheader-repeats",
                FindingSeverity.Warning,
                Places.Preheader,
                T("The preheader repeats the subject, so the second line of the inbox says nothing."),
                T("Say what the subject leaves open.")
            );
        }
        else if (preheader.Length < ShortPreheader)
        {
            yield return New(
                "preheader-short",
                FindingSeverity.Info,
                Places.Preheader,
                T("The preheader is short, so inboxes fill the line with the first words of the mail.")
            );
        }
    }

    private static bool IsPicture(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol && rune.Value >= 0x2190;

    private static Finding New(string id, FindingSeverity severity, string place, string reason, string? suggestion = null) =>
        new(id, FindingFamily.Subject, severity, place, reason, suggestion);

    [GeneratedRegex(@"\p{L}+")]
    private static partial Regex Letters();

    [GeneratedRegex(@"[!?]\s?[!?]|\.{4,}|\*{3,}|~{2,}|={3,}|>{2,}")]
    private static partial Regex Repeated();

    [GeneratedRegex(@"[$€£]{2,}")]
    private static partial Regex Money();

    // Re, Fw, Fwd; TR and RE in French; AW and WG in German; R and I in Italian; RV in Spanish.
    [GeneratedRegex(@"^\s*(re|fw|fwd|tr|r[eé]p|aw|wg|rv)\s*(\[\d+\])?\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex FakeReply();

    [GeneratedRegex(@"(?<!\p{L})\p{Lu}([ .\-_*]\p{Lu}){3,}(?!\p{L})")]
    private static partial Regex Spaced();

    [GeneratedRegex(@"\p{L}+[€$@01]+\p{L}*[€$@01]*\p{L}+|\p{L}{2,}[€$]{2,}", RegexOptions.NonBacktracking)]
    private static partial Regex Disguised();
}
