using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>Rows of files that are about a person: those that wait, those that were not taken, and what an import added.</summary>
internal sealed class ImportPersonalData(GatewayDb db) : IPersonalData
{
    public string Kind => "imports";

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        await db.ImportedSubscriptions.Where(row => row.ContactId == person.ContactId).ExecuteDeleteAsync(ct);
        return await db
                .RefusedRows.Where(row => row.SiteId == person.SiteId && row.AddressKey == person.AddressKey)
                .ExecuteDeleteAsync(ct) + await EraseWaitingAsync(person, ct);
    }

    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Only pieces are read that have the person's mark: a file may have millions of rows, and here everybody waits.</summary>
    private async Task<int> EraseWaitingAsync(DataSubject person, CancellationToken ct)
    {
        var mark = ImportRows.MarkOf(person.AddressKey);
        var imports = db.Imports.Where(import => import.SiteId == person.SiteId && import.EndedAt == null).Select(import => import.Id);
        var pieces = await db
            .ImportPieces.Where(piece => imports.Contains(piece.ImportId) && piece.People.Contains(mark))
            .Select(piece => piece.Id)
            .ToListAsync(ct);
        var erased = 0;
        foreach (var id in pieces)
        {
            // Gone when a worker was quicker: then the person is known, and erased as such.
            while (await db.ImportPieces.AsNoTracking().SingleOrDefaultAsync(one => one.Id == id, ct) is { } piece)
            {
                var rows = ImportRows.Of(piece);
                var others = rows.FindAll(row => !IsAbout(row, person));
                if (others.Count == rows.Count || await ImportRows.ReplaceAsync(db, piece, others, ct))
                {
                    erased += rows.Count - others.Count;
                    break;
                }
            }
        }

        return erased;
    }

    private static bool IsAbout(FileRow row, DataSubject person) =>
        row.Cells.Any(cell => cell.Contains('@') && EmailAddress.Parse(cell)?.Key == person.AddressKey);
}
