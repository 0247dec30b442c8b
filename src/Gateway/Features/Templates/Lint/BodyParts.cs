using System.Text;
using AngleSharp.Dom;
using Gateway.Features.Templates.Language;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Lint;

/// <summary>How a mail is made: parts, size, images, and nothing that its reader is not meant to see.</summary>
internal sealed class BodyParts : ILintCheck
{
    /// <summary>Gmail shows no more than this and hides the rest behind a link, the unsubscribe link with it.</summary>
    public const int MaxBytes = 102 * 1024;

    private const int MaxPreheader = 250;
    private const int LettersForAnImage = 100;

    public IEnumerable<Finding> Look(LintedMessage message)
    {
        if (message.IsSms)
        {
            return [];
        }

        return string.IsNullOrWhiteSpace(message.Html)
            ? string.IsNullOrWhiteSpace(message.Text)
                ? [New("body-missing", FindingSeverity.Error, Places.Html, T("The message is empty."))]
                : []
            : [.. OfParts(message), .. OfImages(message.Document), .. OfHiding(message.Document)];
    }

    private static IEnumerable<Finding> OfParts(LintedMessage message)
    {
        if (string.IsNullOrWhiteSpace(message.Text))
        {
            yield return New(
                "text-missing",
                FindingSeverity.Warning,
                Places.Text,
                T("There is no text part. Some readers see an empty mail, and filters count it against you."),
                T("Say the same in plain text.")
            );
        }

        if (Encoding.UTF8.GetByteCount(message.Html!) is var bytes && bytes > MaxBytes)
        {
            yield return New(
                "html-too-large",
                FindingSeverity.Warning,
                Places.Html,
                T($"The HTML has {bytes / 1024} KB; Gmail cuts a mail off after {MaxBytes / 1024} KB."),
                T("Shorten it, or move styles and repeated parts out.")
            );
        }

        if (message.Document.Error is { } error)
        {
            yield return New(
                "html-too-much",
                FindingSeverity.Error,
                Places.Html,
                error,
                T("Make it simpler: nothing else of it was looked at.")
            );
        }

        if (message.Document.Dom.QuerySelector("script, iframe, object, embed, form, applet") is { } active)
        {
            yield return New(
                $"html-active:{active.LocalName}",
                FindingSeverity.Error,
                Places.Html,
                T($"<{active.LocalName}> does not work in mail, and filters take it for an attack."),
                T("Remove it and link to a page.")
            );
        }

        if (
            message.Document.Dom.All.FirstOrDefault(element =>
                element.Attributes.Any(attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase))
            ) is
            { } acting
        )
        {
            yield return New(
                "html-event",
                FindingSeverity.Error,
                Places.Html,
                T($"<{acting.LocalName}> has an event attribute, which is a script."),
                "Remove it."
            );
        }
    }

    private static IEnumerable<Finding> OfImages(MailDocument document)
    {
        var images = document.Dom.QuerySelectorAll("img").Where(image => document.IsShown(image) && !IsPixel(image)).ToList();
        var withoutWords = images.Count(image => image.GetAttribute("alt") is null);
        if (withoutWords > 0)
        {
            yield return New(
                "image-alt",
                FindingSeverity.Warning,
                Places.Html,
                T($"{withoutWords} of {images.Count} images have no alternative text, so many readers see nothing there."),
                T("Say what the image says; alt=\"\" where it only decorates.")
            );
        }

        if (images.Count > 0 && document.VisibleText.Length < LettersForAnImage * Math.Min(images.Count, 3))
        {
            yield return New(
                "image-heavy",
                FindingSeverity.Warning,
                Places.Html,
                T("The mail is mostly images. Filters cannot read it, and neither can people whose program shows none."),
                T("Say in text what matters.")
            );
        }
    }

    /// <summary>A preheader may be hidden, once and at the beginning; any other hidden text is what spam does to deceive filters.</summary>
    private static IEnumerable<Finding> OfHiding(MailDocument document)
    {
        var hiding = document
            .Dom.Body!.Descendants<IElement>()
            .Where(element =>
                document.IsHidden(element) && (element.ParentElement is not { } parent || document.IsShown(parent)) && HasWords(element)
            )
            .ToList();
        var isPreheader = hiding is [var first, ..] && first.TextContent.Trim().Length <= MaxPreheader && !HasTextBefore(document, first);
        if (hiding.Count > (isPreheader ? 1 : 0))
        {
            yield return New(
                "hidden-text",
                FindingSeverity.Error,
                Places.Html,
                T("There is text that is styled so that nobody sees it. Filters know this trick well."),
                T("Show it or remove it.")
            );
        }

        if (document.Texts.Any(text => document.ContrastOf(text.ParentElement!) < 1.1))
        {
            yield return New(
                "invisible-text",
                FindingSeverity.Error,
                Places.Html,
                T("There is text in the colour of its background. Filters know this trick well."),
                T("Give it a colour that can be read, or remove it.")
            );
        }
    }

    private static bool HasTextBefore(MailDocument document, IElement element) =>
        document.Texts.FirstOrDefault() is { } text && text.CompareDocumentPosition(element).HasFlag(DocumentPositions.Following);

    private static bool HasWords(IElement element)
    {
        CpuBudget.Check();
        return HasLetters(element);
    }

    private static bool HasLetters(IElement element) =>
        element.LocalName is not ("style" or "script" or "title" or "template") && element.TextContent.Any(char.IsLetterOrDigit);

    private static bool IsPixel(IElement image) =>
        image.GetAttribute("width") is "1" or "0" || image.GetAttribute("height") is "1" or "0";

    private static Finding New(string id, FindingSeverity severity, string place, string reason, string? suggestion = null) =>
        new(id, FindingFamily.Law, severity, place, reason, suggestion);
}
