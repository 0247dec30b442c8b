using System.Globalization;
using System.Text;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// The report as CSV (RFC 4180, UTF-8), written row by row while it is read:
/// <c>reason,list,listName,contact,email,lastSignOfLife,bounceDays,suggestion</c>.
/// </summary>
internal sealed class HygieneCsv(ListStore lists, HygieneReport report, AddressFlaws flaws)
{
    public const string MediaType = "text/csv; charset=utf-8";
    public const string FileName = "hygiene.csv";

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
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.NewLine = "\r\n";
        await writer.WriteLineAsync("reason,list,listName,contact,email,lastSignOfLife,bounceDays,suggestion");
        var wanted = reasons?.ToList() ?? [.. Enum.GetValues<HygieneReason>()];
        var rows = 0;
        foreach (var question in questions)
        {
            var names = (await lists.OfSiteAsync(question.SiteId, ct)).ToDictionary(list => list.Id, list => list.Name);
            await foreach (var row in report.AllAsync(question, wanted, ct))
            {
                await writer.WriteLineAsync(Line(row, names));
                rows++;
            }
        }

        return rows;
    }

    private string Line(HygieneRow row, Dictionary<Guid, string> names) =>
        CsvLine.Of(
            CaseConverter.Lower(row.Reason.ToString()),
            PublicId.Format(PublicId.List, row.ListId),
            names.GetValueOrDefault(row.ListId),
            PublicId.Format(PublicId.Contact, row.ContactId),
            row.Address,
            row.LastSignOn?.ToString("O", CultureInfo.InvariantCulture),
            row.Days == 0 ? null : row.Days.ToString(CultureInfo.InvariantCulture),
            row.Reason == HygieneReason.Typo ? flaws.Suggestion(row.Address) : null
        );
}
