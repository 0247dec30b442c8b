using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Gateway.Infrastructure.Data;

/// <summary>Times in rows are UTC; SQLite forgets the kind, so it is restored on the way out.</summary>
internal sealed class UtcTime()
    : ValueConverter<DateTime, DateTime>(time => time, stored => DateTime.SpecifyKind(stored, DateTimeKind.Utc));

/// <summary>States are stored as the lower-case word that the API shows, so that SQL and people can read them.</summary>
internal sealed class LowerCaseEnum<T>() : ValueConverter<T, string>(value => EnumWords<T>.Of(value), stored => EnumWords<T>.Read(stored))
    where T : struct, Enum;

internal static class EnumWords<T>
    where T : struct, Enum
{
    private static readonly Dictionary<T, string> Words = Enum.GetValues<T>()
        .ToDictionary(value => value, value => CaseConverter.Lower(value.ToString()));
    private static readonly Dictionary<string, T> Values = Words.ToDictionary(word => word.Value, word => word.Key);

    public static string Of(T value) => Words[value];

    public static T Read(string stored) => Values[stored];
}

internal static class CaseConverter
{
    /// <summary>"MailBudget" becomes "mail_budget".</summary>
    public static string Lower(string pascalCase) =>
        string.Concat(
            pascalCase.Select(
                (letter, at) => char.IsUpper(letter) ? (at > 0 ? "_" : "") + char.ToLowerInvariant(letter) : letter.ToString()
            )
        );
}
