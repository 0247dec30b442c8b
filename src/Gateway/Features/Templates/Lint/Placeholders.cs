using System.Text.RegularExpressions;

namespace Gateway.Features.Templates.Lint;

/// <summary>
/// Lets a template be read like a message: commands disappear, what is printed becomes a short word or, where it is a link, an address.
/// </summary>
internal static partial class Placeholders
{
    private const string Word = "sample";

    public static string Fill(string template) => Printed().Replace(Commands().Replace(template, ""), Word);

    /// <summary>The same in HTML, where links matter.</summary>
    public static string FillHtml(string template) =>
        Printed()
            .Replace(
                Commands().Replace(template, ""),
                printed =>
                    Link().Match(printed.Groups[1].Value) is { Success: true } link
                        ? $"https://links.invalid/{link.Groups[1].Value}"
                        : Word
            );

    /// <summary>Whether an attribute holds what a variable will say.</summary>
    public static bool IsIn(string? attribute) => attribute?.Contains(Word, StringComparison.Ordinal) == true;

    [GeneratedRegex(@"\{%.*?%\}", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Commands();

    [GeneratedRegex(@"\{\{(.*?)\}\}", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Printed();

    [GeneratedRegex(@"^-?\s*links\.(\w+)")]
    private static partial Regex Link();
}
