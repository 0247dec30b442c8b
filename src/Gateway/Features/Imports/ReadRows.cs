using System.Text.Json;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Imports;

/// <summary>Rows of an import, read: who they are about, and which cannot be taken.</summary>
internal sealed record ReadRows(IReadOnlyList<ImportedPerson> People, IReadOnlyList<RefusedRow> Refused)
{
    public static ReadRows Of(Import import, IEnumerable<FileRow> rows, DateTime now)
    {
        var rules = RulesOf(import);
        var (people, refused) = (new List<ImportedPerson>(), new List<RefusedRow>());
        foreach (var row in rows)
        {
            var read = PersonReading.Of(row, rules, now);
            if (read.Person is { } person)
            {
                people.Add(person);
            }
            else
            {
                refused.Add(
                    new()
                    {
                        Id = Guid.CreateVersion7(new DateTimeOffset(now)),
                        ImportId = import.Id,
                        SiteId = import.SiteId,
                        Line = row.Line,
                        Address = PersonReading.AddressOf(row, rules),
                        AddressKey = EmailAddress.Parse(PersonReading.AddressOf(row, rules))?.Key,
                        Reason = read.Error!,
                    }
                );
            }
        }

        return new(people, refused);
    }

    public static RowRules RulesOf(Import import) =>
        new(
            JsonSerializer.Deserialize<List<string?>>(import.Mapping)!,
            import.Dates,
            import.ConsentOn,
            import.Consent == ImportConsent.Proven
        );
}
