using System.Net;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports.Reading;

/// <summary>How the rows of an import are to be read.</summary>
/// <param name="Fields">The field of each column; null is one that is left out.</param>
/// <param name="ConsentOn">The day on which those agreed whose row does not say it; null where each row must.</param>
/// <param name="NeedsConsent">Whether a row without a time of consent is refused.</param>
internal sealed record RowRules(IReadOnlyList<string?> Fields, DateOrder Dates, DateOnly? ConsentOn, bool NeedsConsent);

/// <summary>A person as a row tells of them.</summary>
/// <param name="Language">As it is written; null where the row says none.</param>
/// <param name="ConsentAt">When they agreed, UTC; null where nobody says so.</param>
/// <param name="Suppressed">Why nobody writes to them: then nothing else is read but their address. Null for all others.</param>
internal sealed record ImportedPerson(
    int Line,
    EmailAddress Address,
    string? Name,
    string? Language,
    IReadOnlyDictionary<string, string?> Properties,
    DateTime? ConsentAt,
    string? Ip,
    SuppressionReason? Suppressed
);

/// <summary>What a row tells, or why it is not taken.</summary>
/// <param name="Error">A sentence; null when there is a person.</param>
internal sealed record PersonReading(ImportedPerson? Person, string? Error)
{
    private const int MaxName = 200;

    private static readonly Dictionary<string, string?> NoProperties = [];

    /// <param name="now">Nobody agreed later than that, UTC.</param>
    public static PersonReading Of(FileRow row, RowRules rules, DateTime now)
    {
        var cells = CellsOf(row, rules);
        if (EmailAddress.Parse(cells.GetValueOrDefault(ImportFields.Email), out var wrong) is not { } address)
        {
            return Not(
                string.IsNullOrEmpty(cells.GetValueOrDefault(ImportFields.Email))
                    ? "There is no address."
                    : $"The address cannot be used. {wrong}"
            );
        }

        if (RowStatus.Of(cells.GetValueOrDefault(ImportFields.Status, "")) is not { } status)
        {
            return Not($"The status \"{Shortening.To(cells[ImportFields.Status], 40)}\" says nothing that is known here.");
        }

        if (status is { IsOn: false, Reason: null })
        {
            return Not("The row says itself that the person never confirmed.");
        }

        if (status.Reason is { } reason)
        {
            // Nobody is written to, whatever else the row says and however long it is.
            return new(new(row.Line, address, Name: null, Language: null, NoProperties, ConsentAt: null, Ip: null, reason), Error: null);
        }

        var typed = cells.GetValueOrDefault(ImportFields.ConsentAt, "");
        var at = typed.Length > 0 ? DateReading.Parse(typed, rules.Dates) : rules.ConsentOn?.ToDateTime(default, DateTimeKind.Utc);
        if (rules.NeedsConsent && (at is null || at > now))
        {
            return Not(
                typed.Length == 0 ? "There is no time of consent."
                : at is null ? $"The time of consent, \"{Shortening.To(typed, 40)}\", could be several days, or is none."
                : "The time of consent has not come yet."
            );
        }

        var name = NameOf(cells);
        var properties = ContactProperties.Fitting(
            cells.Where(cell => cell.Value.Length > 0 && !ImportFields.All.Contains(cell.Key)).Select(cell => (cell.Key, cell.Value)),
            out var leftOut
        );
        return name?.Length > MaxName ? Not($"The name has more than {MaxName} characters.")
            : leftOut is [var unfit, ..] ? Not($"A property does not fit: {unfit}.")
            : new(
                new(
                    row.Line,
                    address,
                    name,
                    cells.GetValueOrDefault(ImportFields.Language) is { Length: > 0 } language ? language : null,
                    properties,
                    at,
                    IPAddress.TryParse(cells.GetValueOrDefault(ImportFields.ConsentIp), out var ip) ? ip.ToString() : null,
                    Suppressed: null
                ),
                Error: null
            );
    }

    /// <returns>What stands where the address should, cut to what is kept of it.</returns>
    public static string AddressOf(FileRow row, RowRules rules) =>
        Shortening.To(CellsOf(row, rules).GetValueOrDefault(ImportFields.Email, ""), RefusedRow.MaxAddress);

    private static Dictionary<string, string> CellsOf(FileRow row, RowRules rules)
    {
        var cells = new Dictionary<string, string>();
        for (var at = 0; at < Math.Min(row.Cells.Count, rules.Fields.Count); at++)
        {
            if (rules.Fields[at] is { } field)
            {
                cells[field] = row.Cells[at];
            }
        }

        return cells;
    }

    private static string? NameOf(Dictionary<string, string> cells)
    {
        var name = cells.GetValueOrDefault(ImportFields.Name, "");
        var parts = $"{cells.GetValueOrDefault(ImportFields.FirstName)} {cells.GetValueOrDefault(ImportFields.LastName)}".Trim();
        return name.Length > 0 ? name
            : parts.Length > 0 ? parts
            : null;
    }

    private static PersonReading Not(string why) => new(Person: null, why);
}
