using Gateway.Features.Templates.Language;
using Parlot;
using Parlot.Fluent;

namespace Gateway.Features.Templates.Segments;

/// <summary>One run over a condition: what it found that the syntax tree does not tell.</summary>
internal sealed class ConditionParse(string text) : ParseContext(new Scanner(text)), INestedParse
{
    public const int MaxNesting = 20;

    public int Depth { get; set; }

    public int MaxDepth => MaxNesting;

    public int Terms { get; set; }

    /// <summary>The lists that are named, and where.</summary>
    public List<(string Name, int Offset)> Lists { get; } = [];

    /// <summary>The first thing that can be read but makes no sense.</summary>
    public (int Offset, string Message)? Error { get; private set; }

    public void Note(int offset, string message) => Error ??= (offset, message);

    /// <summary>Where something begins, without the white space before it.</summary>
    public int Begin(int offset)
    {
        var text = Scanner.Buffer;
        while (offset < text.Length && char.IsWhiteSpace(text[offset]))
        {
            offset++;
        }

        return offset;
    }
}
