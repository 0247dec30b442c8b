using AngleSharp.Dom;

namespace Gateway.Features.Templates.Lint;

/// <summary>
/// About how far down something stands in a mail, in pixels, worked out from its texts, images and paddings without a browser.
/// </summary>
internal static class EstimatedHeight
{
    private static readonly string[] Blocks =
    [
        "p",
        "div",
        "td",
        "th",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "blockquote",
        "pre",
        "center",
    ];

    private const double UsualFont = 16;
    private const double UsualImage = 150;

    /// <summary>A letter is about half as wide as it is high, and mails are about this wide.</summary>
    private const double LetterWidth = 0.5;
    private const double TextWidth = 520;

    public static double Before(MailDocument document, IElement element)
    {
        var height = 0.0;
        foreach (var node in document.Dom.Body!.Descendants<IElement>().TakeWhile(node => node != element))
        {
            if (!document.IsShown(node))
            {
                continue;
            }

            var style = document.StyleOf(node);
            height +=
                node.LocalName == "img" ? ImageHeight(document, node)
                : Blocks.Contains(node.LocalName)
                    ? OwnText(document, node)
                        + (MailDocument.PixelsOf(style, "padding-top") ?? 0)
                        + (node.Contains(element) ? 0 : MailDocument.PixelsOf(style, "padding-bottom") ?? 0)
                : 0;
        }

        return height;
    }

    /// <summary>The lines that the text of a block takes, without the blocks inside it.</summary>
    private static double OwnText(MailDocument document, IElement block)
    {
        var letters = block
            .Descendants<IText>()
            .Where(text =>
                text.ParentElement!.AncestorsAndSelf().First(at => Blocks.Contains(at.LocalName)) == block
                && document.IsShown(text.ParentElement!)
            )
            .Sum(text => text.Data.Trim().Length);
        if (letters == 0)
        {
            return 0;
        }

        var style = document.StyleOf(block);
        var font = MailDocument.PixelsOf(style, "font-size") ?? UsualFont;
        var line = MailDocument.PixelsOf(style, "line-height") ?? font * 1.5;
        return Math.Ceiling(letters * font * LetterWidth / TextWidth) * Math.Max(line, font);
    }

    private static double ImageHeight(MailDocument document, IElement image) =>
        MailDocument.PixelsOf(document.StyleOf(image), "height")
        ?? (
            double.TryParse(image.GetAttribute("height"), System.Globalization.CultureInfo.InvariantCulture, out var height)
                ? height
                : UsualImage
        );
}
