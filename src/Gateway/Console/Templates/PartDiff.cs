using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Gateway.Features.Templates;

namespace Gateway.Console.Templates;

/// <summary>
/// How a part of a template differs between two versions, by lines. Public, like the components, because Razor makes them so.
/// </summary>
/// <param name="Lines">Changed ones, with a few around them; empty where the part is too long to compare.</param>
public sealed record PartDiff(string Part, IReadOnlyList<DiffLine> Lines)
{
    private const int Around = 2;

    /// <summary>Lines of both together; the time that comparing takes grows with their product.</summary>
    private const int MaxLines = 4_000;

    /// <returns>Only the parts that differ.</returns>
    internal static IReadOnlyList<PartDiff> Of(TemplateSource before, TemplateSource after) =>
        [
            .. new (string Part, string Before, string After)[]
            {
                (TemplateSource.SubjectPart, before.Subject, after.Subject),
                (TemplateSource.PreheaderPart, before.Preheader, after.Preheader),
                (TemplateSource.HtmlPart, before.Html, after.Html),
                (TemplateSource.TextPart, before.Text, after.Text),
            }
                .Where(part => part.Before != part.After)
                .Select(part => new PartDiff(part.Part, LinesOf(part.Before, part.After))),
        ];

    private static List<DiffLine> LinesOf(string before, string after)
    {
        if (before.AsSpan().Count('\n') + after.AsSpan().Count('\n') > MaxLines)
        {
            return [];
        }

        var lines = new InlineDiffBuilder(new Differ()).BuildDiffModel(before, after, ignoreWhitespace: false).Lines;
        var shown = new HashSet<int>(
            Enumerable
                .Range(0, lines.Count)
                .Where(at => lines[at].Type != ChangeType.Unchanged)
                .SelectMany(at => Enumerable.Range(at - Around, (2 * Around) + 1))
        );
        return
        [
            .. Enumerable
                .Range(0, lines.Count)
                .Where(shown.Contains)
                .Select(at => new DiffLine(
                    lines[at].Type switch
                    {
                        ChangeType.Inserted => DiffLine.Added,
                        ChangeType.Deleted => DiffLine.Removed,
                        _ => DiffLine.Same,
                    },
                    lines[at].Text,
                    at > 0 && !shown.Contains(at - 1)
                )),
        ];
    }
}

/// <param name="Change">One of the constants.</param>
/// <param name="IsAfterGap">Whether lines that did not change are left out before it.</param>
public sealed record DiffLine(string Change, string Text, bool IsAfterGap)
{
    public const string Added = "added";
    public const string Removed = "removed";
    public const string Same = "same";
}
