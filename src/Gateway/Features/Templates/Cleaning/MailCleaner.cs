using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Ganss.Xss;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>
/// Makes HTML fit for mail: styles move into the elements, and whatever runs, loads or hides is taken out. It works on what a template
/// became, not on the
/// template, since only then is it known what stands where.
/// </summary>
internal sealed partial class MailCleaner
{
    private static readonly HtmlParser Parser = new();

    private readonly CleanStyles _styles = new();

    /// <exception cref="RenderLimitException">It is more than any mail has.</exception>
    public CleanedHtml Clean(string html)
    {
        Refuse(HtmlBounds.ErrorOf(html));
        var removed = new HashSet<string>(StringComparer.Ordinal);
        using var document = Parser.ParseDocument(html);
        CpuBudget.Check();
        Refuse(HtmlBounds.ErrorOf(document));
        CleanSheets(document, removed);
        Refuse(HtmlBounds.ErrorOf(document));
        CpuBudget.Check();
        MoveStylesIn(document);
        CpuBudget.Check();
        var styles = TakeStyles(document, removed);
        var comments = TakeComments(document, removed);

        Sanitize(document, removed);
        CpuBudget.Check();

        foreach (var (place, comment) in comments)
        {
            place.Replace(comment);
        }

        foreach (var (element, style) in styles)
        {
            element.SetAttribute("style", style);
        }

        return new(document.ToHtml(), removed);
    }

    private static void Refuse(string? error)
    {
        if (error is not null)
        {
            throw new RenderLimitException(error);
        }
    }

    /// <summary>First, since the next step would fetch what a link or an @import names.</summary>
    private void CleanSheets(IHtmlDocument document, HashSet<string> removed)
    {
        foreach (var link in document.QuerySelectorAll("link").ToList())
        {
            removed.Add("<link> was removed: mail programs load no style sheets.");
            link.Remove();
        }

        foreach (var sheet in document.QuerySelectorAll("style").ToList())
        {
            if (sheet is IHtmlStyleElement)
            {
                CpuBudget.Check();
                var cleaned = _styles.OfSheet(sheet.TextContent);
                removed.UnionWith(cleaned.Removed);
                sheet.TextContent = cleaned.Text;
            }
            else
            {
                sheet.Remove();
            }
        }
    }

    /// <summary>Rules for certain screens (dark mode, phones) stay where they are: no element can carry them.</summary>
    private static void MoveStylesIn(IHtmlDocument document)
    {
        // Disposing of it would dispose of the document, which is ours.
        new PreMailer.Net.PreMailer(document, null).MoveCssInline(removeStyleElements: true, preserveMediaQueries: true);
    }

    /// <summary>Styles are cleaned by themselves, so that the rest need not read them again in each mail.</summary>
    private List<(IElement Element, string Style)> TakeStyles(IHtmlDocument document, HashSet<string> removed)
    {
        var styles = new List<(IElement, string)>();
        foreach (var element in document.All.Where(element => element.HasAttribute("style")).ToList())
        {
            CpuBudget.Check();
            var cleaned = _styles.OfElement(element.GetAttribute("style")!);
            element.RemoveAttribute("style");
            removed.UnionWith(cleaned.Removed);
            var text = cleaned.Text;
            if (cleaned.Hiding.Count > 0 && element.TextContent.Any(char.IsLetterOrDigit))
            {
                removed.UnionWith(cleaned.Hiding.Select(style => $"The style {style.TrimEnd(';', ' ')} was removed: it hides words."));
                text = HidingStyles.Without(text);
            }

            if (text.Length > 0)
            {
                styles.Add((element, text));
            }
        }

        return styles;
    }

    /// <summary>
    /// Outlook reads HTML from comments, which templates for mail are full of. Every other comment is nobody's business, and one outside of
    /// all elements has
    /// nothing to say.
    /// </summary>
    private static List<(IElement Place, IComment Comment)> TakeComments(IHtmlDocument document, HashSet<string> removed)
    {
        var comments = new List<(IElement, IComment)>();
        foreach (
            var comment in document
                .Descendants<IComment>()
                .Where(comment => comment.ParentElement is not null && ForOutlook().IsMatch(comment.Data))
                .ToList()
        )
        {
            if (Running().IsMatch(comment.Data))
            {
                removed.Add("A comment for Outlook was removed: it holds a script.");
                continue;
            }

            var place = document.CreateElement("span");
            comment.Replace(place);
            comments.Add((place, comment));
        }

        return comments;
    }

    private static void Sanitize(IHtmlDocument document, HashSet<string> removed)
    {
        var sanitizer = new HtmlSanitizer(CleanRules.Options);
        sanitizer.RemovingTag += (_, tag) =>
            removed.Add($"<{tag.Tag.LocalName}> was removed with what is in it: it does not belong in a mail.");
        sanitizer.RemovingAttribute += (_, attribute) =>
            removed.Add(
                attribute.Reason == RemoveReason.NotAllowedUrlValue
                    ? $"An address in {attribute.Attribute.Name} was removed: only http, https, mailto, tel and cid lead anywhere in a "
                        + "mail."
                    : $"The attribute {attribute.Attribute.Name} was removed."
            );

        // The media rules were cleaned before, and reading them again would take the longest.
        var sheets = document.QuerySelectorAll("style").Select(sheet => (Sheet: sheet, Text: sheet.TextContent)).ToList();
        sheets.ForEach(sheet => sheet.Sheet.TextContent = "");
        sanitizer.SanitizeDom(document, null, "");
        sheets.ForEach(sheet => sheet.Sheet.TextContent = sheet.Text);
    }

    [GeneratedRegex(
        @"^\s*\[if [^\]]*\]>.*<!\[endif\]\s*$|^\s*\[if [^\]]*\]><!\s*$|^\s*<!\[endif\]\s*$",
        RegexOptions.Singleline | RegexOptions.IgnoreCase
    )]
    private static partial Regex ForOutlook();

    [GeneratedRegex(@"<\s*(script|iframe|object|embed|form)|javascript:|\son\w+\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Running();
}
