using Parlot.Fluent;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// The words of the language. A property that is called like one of them is written with its namespace, <c>contact.member</c>.
/// </summary>
internal static class ConditionWords
{
    private static readonly HashSet<string> Reserved = new(
        ["ago", "and", "contains", "empty", "false", "is", "member", "not", "of", "or", "true", "within"],
        StringComparer.OrdinalIgnoreCase
    );

    private static readonly Dictionary<string, TimeUnit> Units = Enum.GetValues<TimeUnit>()
        .SelectMany(unit => new[] { (Word: $"{unit}", unit), (Word: $"{unit}s", unit) })
        .ToDictionary(one => one.Word, one => one.unit, StringComparer.OrdinalIgnoreCase);

    public const string Durations = "hours, days, weeks, months or years";

    /// <summary>A word that is not only the beginning of a longer name.</summary>
    public static Parser<string> Word(string word) => Name().When((_, name) => name.Equals(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>A property or path: letters of any script, digits, <c>_</c>, <c>-</c>, and dots between names.</summary>
    public static Parser<string> Path() =>
        Name().When((_, name) => (char.IsLetter(name[0]) || name[0] == '_') && !Reserved.Contains(name));

    public static Parser<TimeUnit> Unit() => Name().When((_, name) => Units.ContainsKey(name)).Then(name => Units[name]);

    private static Parser<string> Name() =>
        Terms.Pattern(letter => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.').Then(span => span.ToString()!);
}
