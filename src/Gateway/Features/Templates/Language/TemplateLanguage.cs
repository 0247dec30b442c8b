using System.Text.RegularExpressions;
using Fluid;
using Fluid.Parser;
using Gateway.Infrastructure.Text;
using Parlot;

namespace Gateway.Features.Templates.Language;

/// <summary>A source that can be rendered, what it asks for, and its sections.</summary>
internal sealed record ParsedText(
    IFluidTemplate Fluid,
    IReadOnlyList<TemplateVariable> Variables,
    IReadOnlyList<TemplateSection> Sections
);

/// <summary>
/// Our Liquid: one parser for everything, and nothing that it accepts can fail later for its syntax. What it may do is limited where it is
/// parsed
/// (<see cref="TemplateGrammar"/>) and where it is rendered (<see cref="RenderContext"/>).
/// </summary>
internal static partial class TemplateLanguage
{
    private static readonly TemplateGrammar Grammar = new();

    /// <param name="part">What the source is for, named in errors.</param>
    /// <returns>The text, or every error that was found; the parser itself finds one at a time.</returns>
    public static (ParsedText? Text, IReadOnlyList<TemplateError> Errors) Parse(string part, string source)
    {
        if (UnicodeText.Unfit(source) is { } unfit)
        {
            return (null, [TemplateError.At(part, source, unfit.Offset, $"{part} holds {unfit.What}.")]);
        }

        using var budget = CpuBudget.Begin();
        var parse = new TemplateParse(source);
        try
        {
            if (!Grammar.Grammar.TryParse(parse, out var statements, out var error) || error is not null)
            {
                return (
                    null,
                    [
                        SyntaxError(
                            part,
                            source,
                            error?.Position ?? parse.Scanner.Cursor.Position,
                            error?.Message ?? "This cannot be read."
                        ),
                    ]
                );
            }

            var template = new FluidTemplate(statements);
            var sections = SectionFinder.Find(template);
            TemplateError[] errors =
            [
                .. TemplateChecks
                    .Check(template, source, parse)
                    .Concat(SectionFinder.Errors(sections))
                    .Select(error => TemplateError.At(part, source, error.Offset, error.Message)),
            ];
            return errors.Length > 0 ? (null, errors) : (new(template, VariableFinder.Find(template, parse), sections), []);
        }
        catch (Fluid.ParseException unreadable)
        {
            return (null, [SyntaxError(part, source, parse.Scanner.Cursor.Position, unreadable.Message)]);
        }
        catch (InvalidCastException)
        {
            // Fluid takes the source and the offset of a loop for names, and looks too late.
            return (
                null,
                [
                    SyntaxError(
                        part,
                        source,
                        parse.Scanner.Cursor.Position,
                        "A loop goes through a variable or a range, such as vars.items or (1..5)"
                    ),
                ]
            );
        }
        catch (NestedTooDeeplyException deep)
        {
            return (
                null,
                [
                    TemplateError.At(
                        part,
                        source,
                        deep.Offset,
                        $"Blocks or brackets stand inside one another more than {TemplateParse.MaxNesting} deep.",
                        TemplateError.TooComplex
                    ),
                ]
            );
        }
        catch (TooComplexException complex)
        {
            return (null, [TemplateError.At(part, source, complex.Offset, complex.Message, TemplateError.TooComplex)]);
        }
        catch (RenderLimitException)
        {
            return (
                null,
                [
                    TemplateError.At(
                        part,
                        source,
                        parse.Scanner.Cursor.Offset,
                        "Reading it up to here takes too long. Write it more simply.",
                        TemplateError.TooComplex
                    ),
                ]
            );
        }
    }

    /// <summary>The parser says what it would have liked to see next; a sentence about what stands there instead helps more.</summary>
    private static TemplateError SyntaxError(string part, string source, TextPosition position, string message)
    {
        var offset = Math.Min(position.Offset, source.Length);
        var tag = Tag().Match(source, TagStart(source, offset));
        if (
            tag.Success
            && tag.Groups["name"].Value is var name
            && !name.StartsWith("end", StringComparison.Ordinal)
            && name is not ("else" or "elsif" or "when")
            && !Grammar.RegisteredTags.ContainsKey(name)
        )
        {
            var near = Nearest.To(name, Grammar.Tags);
            return TemplateError.At(part, source, tag.Index, $"There is no tag \"{name}\"." + Nearest.Ask(near));
        }

        if (tag.Success && message.StartsWith("Unknown tag", StringComparison.Ordinal))
        {
            return TemplateError.At(part, source, tag.Index, $"\"{tag.Groups["name"].Value}\" belongs to no block that is open here.");
        }

        return TemplateError.At(part, source, offset, Sentence(Position().Replace(message, "").Trim(), offset == source.Length));
    }

    private static string Sentence(string message, bool isAtEnd) =>
        message.TrimEnd('.') + (isAtEnd && message.Contains("expected", StringComparison.Ordinal) ? ", but the text ends here." : ".");

    /// <returns>Where the tag begins that the offset lies in or right behind; the offset itself when there is none.</returns>
    private static int TagStart(string source, int offset)
    {
        var begin = offset == 0 ? -1 : source.LastIndexOf("{%", Math.Min(offset, source.Length - 1), StringComparison.Ordinal);
        return begin >= 0 && source.IndexOf("%}", begin, StringComparison.Ordinal) is var end && (end < 0 || end + 2 >= offset)
            ? begin
            : offset;
    }

    [GeneratedRegex(@"\G\s*\{%-?\s*(?<name>\w+)")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s*at \(\d+:\d+\)")]
    private static partial Regex Position();
}
