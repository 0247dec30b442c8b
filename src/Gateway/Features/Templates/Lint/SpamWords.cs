using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>
/// Words that filters and readers distrust. None is forbidden: one mild word is only told, several together or a strong one where everybody
/// sees it
/// is a warning.
/// </summary>
internal sealed class SpamWords : ILintCheck
{
    private const int Mild = 1;
    private const int Strong = 3;

    /// <summary>Weight of different words in the subject, and of all in the body, from which on their sum is a warning.</summary>
    private const int HeavySubject = 3;
    private const int HeavyBody = 6;

    private const int OftenInBody = 5;
    private const int OftenInRecent = 2;

    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (WordList.Of("spam", message.Language) is not { } list)
        {
            return [];
        }

        return
        [
            .. InSubject(message, list),
            .. message.Subject is { } subject ? WornOut(list, subject, message.RecentSubjects) : [],
            .. message.Html is { Length: > 0 } ? InBody(message, list, Places.Html, message.Document.VisibleText)
            : message.Text is { } text ? InBody(message, list, Places.Text, Placeholders.Fill(text))
            : [],
        ];
    }

    private static IEnumerable<Finding> InSubject(LintedMessage message, WordList list)
    {
        var found = Distinct(
            list.Find(Placeholders.Fill($"{message.Subject} {message.Preheader}")).Where(phrase => Counts(message, phrase))
        );
        foreach (var phrase in found)
        {
            yield return Of(phrase, Places.Subject, phrase.IsStrong ? FindingSeverity.Warning : FindingSeverity.Info);
        }

        if (found.Count > 1 && found.Sum(Weight) >= HeavySubject)
        {
            yield return Heap(Places.Subject, found);
        }
    }

    private static IEnumerable<Finding> InBody(LintedMessage message, WordList list, string place, string text)
    {
        var all = list.Find(text).Where(phrase => Counts(message, phrase)).ToList();
        var found = Distinct(all);
        foreach (var phrase in found)
        {
            var times = all.Count(one => one.Text == phrase.Text);
            yield return times >= OftenInBody
                ? new(
                    $"spam-word-often:{phrase.Text}",
                    FindingFamily.Spam,
                    FindingSeverity.Warning,
                    place,
                    T($"“{phrase.Text}” stands {times} times in the message. Repetition is what filters notice first."),
                    phrase.Advice
                )
                : Of(phrase, place, FindingSeverity.Info);
        }

        if (found.Count > 1 && found.Sum(Weight) >= HeavyBody)
        {
            yield return Heap(place, found);
        }
    }

    /// <summary>What stands in every subject wears out, for readers and for filters.</summary>
    private static IEnumerable<Finding> WornOut(WordList list, string subject, IReadOnlyList<string> recent) =>
        from phrase in Distinct(list.Find(Placeholders.Fill(subject)))
        let times = recent.Count(earlier => list.Find(Placeholders.Fill(earlier)).Any(one => one.Text == phrase.Text))
        where times >= OftenInRecent
        select new Finding(
            $"spam-word-again:{phrase.Text}",
            FindingFamily.Spam,
            FindingSeverity.Warning,
            Places.Subject,
            T(
                $"“{phrase.Text}” stood in {times} of the last {recent.Count} subjects too. Used every time it stops working and starts to "
                    + $"look like spam."
            ),
            phrase.Advice
        );

    /// <summary>An invoice may be called an invoice in a mail that is about one.</summary>
    private static bool Counts(LintedMessage message, ListedPhrase phrase) =>
        !(phrase is { Group: "payment", IsStrong: false } && message.Kind is MessageKinds.Email or MessageKinds.Sms);

    private static Finding Of(ListedPhrase phrase, string place, FindingSeverity severity) =>
        new(
            $"spam-word:{phrase.Text}",
            FindingFamily.Spam,
            severity,
            place,
            phrase.IsStrong
                ? T($"“{phrase.Text}” is typical of {Typical(phrase.Group)}.")
                : T($"“{phrase.Text}” is often seen in {Typical(phrase.Group)}; one such word does no harm, so use it sparingly."),
            phrase.Advice
        );

    private static Finding Heap(string place, List<ListedPhrase> found) =>
        new(
            "spam-words-together",
            FindingFamily.Spam,
            FindingSeverity.Warning,
            place,
            T(
                $"Several such words stand together: {string.Join(", ", found.Select(phrase => $"“{phrase.Text}”"))}. Filters add them up."
            ),
            T("Keep the one that is needed and say the rest in plain words.")
        );

    private static string Typical(string group) =>
        group switch
        {
            "phishing" or "payment" => T("messages that fish for account or card data"),
            "fraud" => T("fraud"),
            "money" => T("offers of easy money"),
            "gambling" => T("gambling"),
            "prize" => T("false prizes"),
            "pharmacy" => T("trade in medicines"),
            "adult" => T("adult offers"),
            "pressure" => T("messages that put people under pressure"),
            _ => T("advertising that promises too much"),
        };

    private static List<ListedPhrase> Distinct(IEnumerable<ListedPhrase> phrases) => [.. phrases.DistinctBy(phrase => phrase.Text)];

    private static int Weight(ListedPhrase phrase) => phrase.IsStrong ? Strong : Mild;
}
