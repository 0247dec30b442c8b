using System.Text.RegularExpressions;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// A text that somebody wrote, taken apart for a template: paragraphs, their lines, and the links in them. The template encodes every part.
/// </summary>
internal static partial class TextParagraphs
{
    private const int Preview = 140;

    /// <summary>What closes a sentence or a bracket after an address is not part of it, unless the address opened the bracket.</summary>
    private const string After = ".,;:!?]}'\"’”»";

    /// <summary>An empty line parts paragraphs.</summary>
    /// <returns>Paragraphs of lines of parts, each with its <c>text</c> and whether it is a <c>link</c>.</returns>
    public static ArrayValue Of(string text) =>
        new([
            .. EmptyLines()
                .Split(text.ReplaceLineEndings("\n").Trim())
                .Select(paragraph => new ArrayValue([.. paragraph.Split('\n').Select(line => new ArrayValue([.. Parts(line)]))])),
        ]);

    /// <returns>The first words, on one line, as mail programs show them beside the subject.</returns>
    public static string FirstWords(string text)
    {
        var line = OneLine.Of(text.Length > 2 * Preview ? text[..(2 * Preview)] : text);
        if (line.Length <= Preview)
        {
            return line;
        }

        var end = line.LastIndexOf(' ', Preview);
        return line[..(end > 0 ? end : Preview)] + "…";
    }

    private static IEnumerable<FluidValue> Parts(string line)
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

    private static TemplateObject Part(string text, bool isLink) =>
        new(new() { ["text"] = new StringValue(text), ["link"] = isLink ? BooleanValue.True : BooleanValue.False });

    [GeneratedRegex(@"\n[ \t]*\n\s*")]
    private static partial Regex EmptyLines();

    /// <summary>Only the web: an address of any other scheme stays text.</summary>
    [GeneratedRegex(@"\bhttps?://[^\s<>""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Address();
}
