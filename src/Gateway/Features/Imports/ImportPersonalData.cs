using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>Rows of files that are about a person: those that wait, those that were not taken, and what an import added.</summary>
internal sealed class ImportPersonalData(GatewayDb db) : IPersonalData
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Kind => "imports";

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        await db.ImportedSubscriptions.Where(row => row.ContactId == person.ContactId).ExecuteDeleteAsync(ct);
        return await db
                .RefusedRows.Where(row => row.SiteId == person.SiteId && row.AddressKey == person.AddressKey)
                .ExecuteDeleteAsync(ct) + await EraseWaitingAsync(person, ct);
    }

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Piece by piece: files wait for minutes, and hardly ever does one while somebody is erased.</summary>
    private async Task<int> EraseWaitingAsync(DataSubject person, CancellationToken ct)
    {
        var imports = db.Imports.Where(import => import.SiteId == person.SiteId && import.EndedAt == null).Select(import => import.Id);
        var pieces = await db.ImportPieces.Where(piece => imports.Contains(piece.ImportId)).Select(piece => piece.Id).ToListAsync(ct);
        var erased = 0;
        foreach (var id in pieces)
        {
            // Gone when a worker was quicker: then the person is known, and erased as such.
            if (await db.ImportPieces.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, ct) is not { } piece)
            {
                continue;
            }

            var rows = ImportRows.Of(piece);
            var others = rows.FindAll(row => !IsAbout(row, person));
            if (others.Count < rows.Count)
            {
                var left = JsonSerializer.Serialize(others, Json);
                erased += rows.Count - others.Count;
                await db
                    .ImportPieces.Where(one => one.Id == id)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(one => one.Rows, left).SetProperty(one => one.Revision, one => one.Revision + 1),
                        ct
                    );
            }
        }

        return erased;
    }

    private static bool IsAbout(FileRow row, DataSubject person) =>
        row.Cells.Any(cell => cell.Contains('@') && EmailAddress.Parse(cell)?.Key == person.AddressKey);
}
