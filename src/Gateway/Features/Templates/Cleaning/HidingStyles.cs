using System.Text.RegularExpressions;

namespace Gateway.Features.Templates.Cleaning;

/// <summary>Declarations that make words invisible: filters know the trick, and readers may not be shown less than what was sent.</summary>
internal static partial class HidingStyles
{
    /// <param name="declarations">As <see cref="CleanStyles"/> writes them: parsed, so that nothing hides in comments or escapes.</param>
    public static IReadOnlyCollection<string> In(string declarations) =>
        [.. Hiding().Matches(declarations).Select(match => match.Value.Trim())];

    public static string Without(string declarations) => Hiding().Replace(declarations, "").Trim(' ', ';');

    [GeneratedRegex(
        @"(?<=^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0\d*)?|"
            + @"font-size\s*:\s*[01](?:\.\d+)?(?:px|pt|em|rem|%)?|"
            + @"max-(?:height|width)\s*:\s*[01](?:px)?|(?:height|width)\s*:\s*0(?:px)?|mso-hide\s*:\s*all|"
            + @"text-indent\s*:\s*-\d{3,}(?:px|em)?|color\s*:\s*transparent|"
            + @"(?:margin-)?(?:left|top|right)\s*:\s*-\d{3,}px|clip(?:-path)?\s*:[^;]*)\s*(?:!important)?\s*(?:;|$)",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Hiding();
}
