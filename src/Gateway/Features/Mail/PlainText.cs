using System.Text.RegularExpressions;

namespace Gateway.Features.Mail;

/// <summary>A text that somebody wrote, taken apart for a template: paragraphs, their lines, and the links in them. The template encodes every part.</summary>
internal static partial class PlainText
{
    private const int Preview = 140;

    /// <summary>What closes a sentence or a bracket after an address is not part of it, unless the address opened the bracket.</summary>
    private const string After = ".,;:!?]}'\"’”»";

    /// <param name="text">With <c>\n</c> as line break; an empty line parts paragraphs.</param>
    /// <returns>Paragraphs of lines of parts, each with its <c>text</c> and whether it is a <c>link</c>.</returns>
    public static List<List<List<Dictionary<string, object>>>> Paragraphs(string text) =>
        [.. EmptyLines().Split(text).Select(paragraph => paragraph.Split('\n').Select(line => Parts(line).ToList()).ToList())];

    /// <returns>The first words, on one line, as mail programs show them beside the subject.</returns>
    public static string Beginning(string text)
    {
        var line = MailView.OneLine(text.Length > 2 * Preview ? text[..(2 * Preview)] : text);
        if (line.Length <= Preview)
        {
            return line;
        }

        var end = line.LastIndexOf(' ', Preview);
        return line[..(end > 0 ? end : Preview)] + "…";
    }

    private static IEnumerable<Dictionary<string, object>> Parts(string line)
    {
        var done = 0;
        foreach (Match found in Address().Matches(line))
        {
            var address = found.Value.TrimEnd([.. After]);
            address = address.Contains('(') ? address : address.TrimEnd([.. After, ')']);
            if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Host.Length == 0)
            {
                continue;
            }

            yield return Part(line[done..found.Index], false);
            yield return Part(address, true);
            done = found.Index + address.Length;
        }

        yield return Part(line[done..], false);
    }

    private static Dictionary<string, object> Part(string text, bool isLink) => new() { ["text"] = text, ["link"] = isLink };

    [GeneratedRegex(@"\n[ \t]*\n\s*")]
    private static partial Regex EmptyLines();

    /// <summary>Only the web: an address of any other scheme stays text.</summary>
    [GeneratedRegex(@"\bhttps?://[^\s<>""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
