namespace Gateway.Features.Templates.Language;

/// <summary>What is wrong with a template's source, and where.</summary>
/// <param name="Part"><c>subject</c>, <c>preheader</c>, <c>html</c> or <c>text</c>.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">In characters, counted from 1.</param>
/// <param name="Message">A sentence.</param>
internal sealed record TemplateError(string Part, int Line, int Column, string Message)
{
    public static TemplateError At(string part, string source, int offset, string message)
    {
        var (line, column) = (1, 1);
        for (var at = 0; at < offset && at < source.Length; at++)
        {
            (line, column) = source[at] == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return new(part, line, column, message);
    }

    public override string ToString() => $"{Part}, line {Line}, column {Column}: {Message}";
}
