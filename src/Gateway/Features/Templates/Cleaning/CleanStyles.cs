using System.Collections.Concurrent;
using System.Net;
using Ganss.Xss;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>A style as it may be, and what was taken out of it.</summary>
/// <param name="Hiding">The declarations among what is left that hide an element.</param>
internal sealed record CleanStyle(string Text, IReadOnlyCollection<string> Removed, IReadOnlyCollection<string> Hiding);

/// <summary>
/// Cleans styles, and remembers them: reading CSS takes ten times as long as all the rest of a mail, and the styles of a template are
/// nearly the same in
/// each mail made from it.
/// </summary>
internal sealed class CleanStyles
{
    private const int Max = 5_000;

    /// <summary>Longer ones are cleaned each time, so that what is remembered stays small.</summary>
    private const int MaxRemembered = 50_000;

    private readonly ConcurrentDictionary<(string Text, bool IsSheet), CleanStyle> _known = new();

    /// <param name="declarations">The value of a <c>style</c> attribute.</param>
    public CleanStyle OfElement(string declarations) => Get(declarations, isSheet: false);

    /// <param name="sheet">The content of a <c>style</c> element.</param>
    public CleanStyle OfSheet(string sheet) => Get(sheet, isSheet: true);

    private CleanStyle Get(string text, bool isSheet)
    {
        if (_known.TryGetValue((text, isSheet), out var known))
        {
            return known;
        }

        var cleaned = Clean(text, isSheet);
        if (_known.Count >= Max)
        {
            _known.Clear();
        }

        return text.Length > MaxRemembered ? cleaned : _known[(text, isSheet)] = cleaned;
    }

    private static CleanStyle Clean(string text, bool isSheet)
    {
        var removed = new HashSet<string>(StringComparer.Ordinal);
        var sanitizer = new HtmlSanitizer(CleanRules.Options);
        sanitizer.RemovingStyle += (_, style) =>
        {
            style.Cancel =
                style.Style.Name.StartsWith("mso-", StringComparison.Ordinal)
                && style.Style.Value.All(letter =>
                    char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '.' or '%' or ',' or '"' or '\''
                );
            if (!style.Cancel)
            {
                removed.Add($"The style {style.Style.Name} was removed.");
            }
        };
        sanitizer.RemovingAtRule += (_, rule) => removed.Add($"A rule of the styles was removed: {Shortened(rule.Rule.CssText)}");

        using var document = sanitizer.SanitizeDom(isSheet ? $"<style>{text}</style>" : $"<p style=\"{WebUtility.HtmlEncode(text)}\">");
        var result = (isSheet ? document.QuerySelector("style")?.TextContent : document.QuerySelector("p")?.GetAttribute("style")) ?? "";
        return new(result, removed, isSheet ? [] : HidingStyles.In(result));
    }

    private static string Shortened(string text) => text.Length > 60 ? text[..60] + "…" : text;
}
