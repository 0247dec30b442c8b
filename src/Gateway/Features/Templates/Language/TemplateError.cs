namespace Gateway.Features.Templates.Language;

/// <summary>What is wrong with a template's source, and where.</summary>
/// <param name="Part"><c>subject</c>, <c>preheader</c>, <c>html</c> or <c>text</c>.</param>
/// <param name="Line">Counted from 1.</param>
/// <param name="Column">In characters, counted from 1.</param>
/// <param name="Message">A sentence.</param>
/// <param name="Code">Stable: <see cref="Invalid"/> or <see cref="TooComplex"/>.</param>
internal sealed record TemplateError(string Part, int Line, int Column, string Message, string Code = TemplateError.Invalid)
{
    public const string Invalid = "invalid";

    /// <summary>It is deeper, longer or slower than a template may be.</summary>
    public const string TooComplex = "too_complex";

    public static TemplateError At(string part, string source, int offset, string message, string code = Invalid)
    {
        var before = source.AsSpan(0, Math.Clamp(offset, 0, source.Length));
        var (line, column) = (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
        return new(part, line, column, message, code);
    }

    public override string ToString() => $"{Part}, line {Line}, column {Column}: {Message}";
}
