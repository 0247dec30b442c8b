using System.Globalization;
using Gateway.Infrastructure;

namespace Gateway.Features.Imports;

/// <summary>Reads what commands, calls and forms say of an import.</summary>
internal static class ImportPlanText
{
    public const string DayFirst = "dmy";
    public const string MonthFirst = "mdy";

    /// <param name="mapping">By column; the last one counts.</param>
    /// <param name="consentOn">yyyy-MM-dd.</param>
    /// <param name="dates"><see cref="DayFirst"/>, <see cref="MonthFirst"/> or null.</param>
    public static Result<ImportPlan> Read(
        IEnumerable<KeyValuePair<string, string>> mapping,
        string? source,
        string? consentText,
        string? consentOn,
        string? dates
    )
    {
        DateOnly? day = null;
        if (consentOn is { Length: > 0 })
        {
            if (!DateOnly.TryParseExact(consentOn, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
            {
                return Refusal.Invalid("consentOn", "consentOn is a day, such as 2025-04-03.");
            }

            day = read;
        }

        if (dates is not (null or "" or DayFirst or MonthFirst))
        {
            return Refusal.Invalid("dates", $"dates is {DayFirst} or {MonthFirst}: what 3/4/2025 means in the file.");
        }

        var byColumn = new Dictionary<string, string>();
        foreach (var (column, field) in mapping)
        {
            byColumn[column] = field;
        }

        return new ImportPlan(
            byColumn,
            source,
            consentText is { Length: > 0 } ? consentText : null,
            day,
            dates switch
            {
                DayFirst => DateOrder.DayFirst,
                MonthFirst => DateOrder.MonthFirst,
                _ => DateOrder.Unknown,
            }
        );
    }
}
