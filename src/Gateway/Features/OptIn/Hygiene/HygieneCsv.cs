using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// The report as CSV, written row by row while it is read:
/// <c>reason,list,listName,contact,email,lastSignOfLife,bounceDays,suggestion</c>.
/// </summary>
internal sealed class HygieneCsv(ListStore lists, HygieneReport report, AddressFlaws flaws)
{
    public const string MediaType = CsvFile.MediaType;
    public const string FileName = "hygiene.csv";

    private static readonly string[] Columns =
    [
        "reason",
        "list",
        "listName",
        "contact",
        "email",
        "lastSignOfLife",
        "bounceDays",
        "suggestion",
    ];

    /// <param name="questions">About one site each.</param>
    /// <param name="reasons">Null for all.</param>
    /// <returns>How many rows, without the heading.</returns>
    public async Task<int> WriteAsync(
        IReadOnlyList<HygieneQuestion> questions,
        IEnumerable<HygieneReason>? reasons,
        Stream output,
        CancellationToken ct
    )
    {
        await using var csv = new CsvFile(output, Columns);
        var wanted = reasons?.ToList() ?? [.. Enum.GetValues<HygieneReason>()];
        foreach (var question in questions)
        {
            var names = (await lists.OfSiteAsync(question.SiteId, ct)).ToDictionary(list => list.Id, list => list.Name);
            await foreach (var row in report.AllAsync(question, wanted, ct))
            {
                await csv.WriteAsync(Fields(row, names));
            }
        }

        return csv.Rows;
    }

    private IEnumerable<string?> Fields(HygieneRow row, Dictionary<Guid, string> names) =>
        [
            CaseConverter.Lower(row.Reason.ToString()),
            PublicId.Format(PublicId.List, row.ListId),
            names.GetValueOrDefault(row.ListId),
            PublicId.Format(PublicId.Contact, row.ContactId),
            row.Address,
            row.LastSignOn?.ToString("O", CultureInfo.InvariantCulture),
            row.Days == 0 ? null : row.Days.ToString(CultureInfo.InvariantCulture),
            row.Reason == HygieneReason.Typo ? flaws.Suggestion(row.Address) : null,
        ];
}
