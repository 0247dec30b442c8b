namespace Gateway.Features.Templates.Language;

/// <summary>A name or a subject as one line of a header or a heading: a line break in it could add headers to a mail.</summary>
internal static class OneLine
{
    public static string Of(string text) =>
        text.Any(IsBreak)
            ? string.Join(
                ' ',
                text.Split([.. text.Where(IsBreak).Distinct()], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            )
            : text;

    private static bool IsBreak(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';
}
