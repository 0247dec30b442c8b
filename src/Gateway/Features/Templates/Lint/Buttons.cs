using AngleSharp.Css.Dom;
using AngleSharp.Dom;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>The one thing a mail asks for: one button, seen at once, that says what it does, in a colour that can be read.</summary>
internal sealed class Buttons : ILintCheck
{
    private const int MaxWords = 5;

    /// <summary>How much of a mail is on the screen before anybody scrolls, in pixels.</summary>
    private const int Fold = 600;

    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (message.IsSms || string.IsNullOrWhiteSpace(message.Html))
        {
            return [];
        }

        var document = message.Document;
        var buttons = document.Links.Where(link => IsButton(document, link)).ToList();
        return
        [
            .. OfNumber(message, document, buttons),
            .. buttons is [var first, ..] && EstimatedHeight.Before(document, first) is var above && above > Fold
                ?
                [
                    New(
                        "cta-below-fold",
                        FindingSeverity.Warning,
                        T($"The first button begins about {above:0} px down; without scrolling people see about {Fold}."),
                        T("Move it up, or say less before it.")
                    ),
                ]
                : Array.Empty<Finding>(),
            .. buttons.SelectMany(button => OfOne(message, document, button)),
        ];
    }

    private static IEnumerable<Finding> OfNumber(LintedMessage message, MailDocument document, List<IElement> buttons)
    {
        var targets = buttons.Select(button => button.GetAttribute("href")).Distinct().Count();
        if (targets > 1)
        {
            yield return New(
                "cta-several",
                targets > 2 ? FindingSeverity.Warning : FindingSeverity.Info,
                T($"There are {targets} buttons that lead to different places. The more there are, the fewer are pressed."),
                T("Keep one button and make the others plain links.")
            );
        }
        else if (targets == 0 && message.Kind != MessageKinds.Email && document.Links.Any())
        {
            yield return New(
                "cta-missing",
                FindingSeverity.Info,
                T("No link looks like a button, so nobody sees at once what to do."),
                T("Make the most important link a button.")
            );
        }
    }

    private static IEnumerable<Finding> OfOne(LintedMessage message, MailDocument document, IElement button)
    {
        var words = button.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            yield return New(
                "cta-image",
                FindingSeverity.Warning,
                T("A button consists of an image. Many programs do not show images at first, and then there is no button."),
                T("Write its words as text on a coloured cell.")
            );
            yield break;
        }

        var label = string.Join(' ', words);
        if (words.Length > MaxWords)
        {
            yield return New(
                $"cta-long:{label}",
                FindingSeverity.Info,
                T($"The button “{label}” has {words.Length} words; up to {MaxWords} are read at a glance."),
                T("Leave the verb and what it is about.")
            );
        }

        if (!SaysWhatToDo(words, message.Language))
        {
            yield return New(
                $"cta-verb:{label}",
                FindingSeverity.Info,
                T($"The button “{label}” does not say what pressing it does."),
                T("Begin with a verb, in the imperative or as the reader would say it.")
            );
        }

        if (document.ContrastOf(button.FirstElementChild ?? button) is { } contrast and < Contrast.Enough)
        {
            yield return New(
                $"cta-contrast:{label}",
                FindingSeverity.Warning,
                T(
                    $"The words of the button “{label}” have a contrast of {contrast:0.0} : 1; {Contrast.Enough} : 1 is needed to read "
                        + $"them easily."
                ),
                T("Make the words or the button darker.")
            );
        }
    }

    /// <summary>A link that looks like a button: a ground of its own or of its cell, or a name that says so.</summary>
    private static bool IsButton(MailDocument document, IElement link) =>
        HasGround(document, link)
        || (
            link.ParentElement is { } cell
            && cell.TextContent.Trim() == link.TextContent.Trim()
            && cell.LocalName is "td" or "th"
            && HasGround(document, link.ParentElement!)
            && IsNarrow(cell)
        )
        || link.ClassList.Any(name =>
            name.Contains("button", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("btn", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("cta", StringComparison.OrdinalIgnoreCase)
        )
        || link.GetAttribute("role") == "button";

    private static bool HasGround(MailDocument document, IElement element) =>
        element.HasAttribute("bgcolor")
        || document.StyleOf(element).GetBackgroundColor() is { Length: > 0 } colour
            && !colour.Replace(" ", "", StringComparison.Ordinal).EndsWith(",0)", StringComparison.Ordinal);

    /// <summary>A cell made for its link, not a whole coloured band of the page that happens to hold one.</summary>
    private static bool IsNarrow(IElement cell) => cell.TextContent.Trim().Length is > 0 and < 60;

    private static bool SaysWhatToDo(string[] words, string language)
    {
        var first = words[0].TrimStart('→', '»', '>', '«', '“', '"').ToLowerInvariant().Replace('’', '\'');
        var last = words[^1].TrimEnd('→', '»', '>', '!', '.', '”', '"').ToLowerInvariant();
        var verbs = LintFiles.Words($"verbs.{language}.txt");
        return language switch
        {
            "en" => verbs.Contains(first),
            "fr" => verbs.Contains(first)
                || first.StartsWith("j'", StringComparison.Ordinal)
                || (first.Length > 3 && Ends(first, "ez", "er", "ir", "re", "ons")),
            "de" => verbs.Contains(first) || Ends(last, "en", "ern", "eln"),
            _ => true,
        };
    }

    private static bool Ends(string word, params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (word.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Finding New(string id, FindingSeverity severity, string reason, string? suggestion = null) =>
        new(id, FindingFamily.Cta, severity, Places.Html, reason, suggestion);
}
