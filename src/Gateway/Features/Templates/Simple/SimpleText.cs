using System.Text;
using System.Text.RegularExpressions;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates.Simple;

/// <summary>
/// What somebody typed in simple mode: text, addresses of the web, and variables between double braces; nothing else of the template
/// language.
/// </summary>
internal static partial class SimpleText
{
    private const string LinkStyle = "color:#1c1f24; text-decoration:underline;";

    /// <param name="field">As people name it, such as "The subject".</param>
    /// <returns>What is wrong with the braces; null when nothing is.</returns>
    public static string? ErrorOf(string field, string typed, TemplateKind kind)
    {
        foreach (Match variable in Variable().Matches(typed))
        {
            var path = variable.Groups["path"].Value;
            if (path != TemplateNamespaces.Language && (!path.Contains('.') || !TemplateRules.Sees(kind, path.Split('.')[0])))
            {
                return T($"{field} names {path}, which this kind of template does not see. Take one from the menu.");
            }
        }

        return Variable().Replace(typed, "").AsSpan().IndexOfAny('{', '}') >= 0
            ? T($"{field} has braces that hold no variable. Take one from the menu, such as {{{{ site.name }}}}.")
            : null;
    }

    /// <returns>HTML, in which addresses are links.</returns>
    public static string ToHtml(string typed, string linkClass, string linkStyle)
    {
        var html = new StringBuilder();
        var done = 0;
        foreach (Match found in Address().Matches(typed))
        {
            var address = found.Value.TrimEnd('.', ',', ';', ':', '!', '?', ')', '\'', '"');
            html.Append(Encode(typed[done..found.Index]));
            html.Append("<a class=\"" + linkClass + "\" href=\"" + Encode(address) + "\" style=\"" + linkStyle + "\">")
                .Append(Encode(address))
                .Append("</a>");
            done = found.Index + address.Length;
        }

        return html.Append(Encode(typed[done..])).ToString();
    }

    /// <returns>Paragraphs of HTML.</returns>
    public static IEnumerable<string> Paragraphs(string typed) =>
        EmptyLines()
            .Split(typed.Trim())
            .Where(paragraph => paragraph.Length > 0)
            .Select(paragraph => string.Join("<br>\n", paragraph.Split('\n').Select(line => ToHtml(line.Trim(), "ink", LinkStyle))));

    /// <summary>Encodes all but the variables, whose values the template encodes.</summary>
    public static string Encode(string typed)
    {
        var html = new StringBuilder();
        var done = 0;
        foreach (Match variable in Variable().Matches(typed))
        {
            html.Append(InHtml(typed[done..variable.Index])).Append(variable.Value);
            done = variable.Index + variable.Length;
        }

        return html.Append(InHtml(typed[done..])).ToString();
    }

    /// <summary>Readable for whoever opens the source: only what HTML would take for its own is encoded.</summary>
    private static string InHtml(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);

    /// <summary>A web address, or one variable that holds it.</summary>
    public static bool IsLink(string typed) => Address().Match(typed).Value == typed || Variable().Match(typed).Value == typed;

    [GeneratedRegex("""\{\{ *(?<path>[a-z_]\w*(\.[\w-]+)*) *(\| *default: *"[^"{}]*" *)?\}\}""")]
    private static partial Regex Variable();

    [GeneratedRegex("""\bhttps?://([^\s<>"{}]|\{\{[^{}\n]*\}\})+""", RegexOptions.IgnoreCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"\n[ \t]*\n\s*")]
    private static partial Regex EmptyLines();
}
