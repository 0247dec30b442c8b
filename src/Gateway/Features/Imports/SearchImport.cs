using Gateway.Features.Contacts;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>
/// Looks through a whole file for people who left or cannot be reached, before anybody is put on the list or asked: a row far below may say
/// it of somebody whom a row above brings along. Their rows are done with by that.
/// </summary>
internal sealed class SearchImport(GatewayDb db, ApplyRows apply)
{
    /// <summary>Of a file that was looked through to its end.</summary>
    private const int End = int.MaxValue;

    /// <summary>Pieces that are read at once, since most of them say it of nobody.</summary>
    private const int AtOnce = 20;

    public static bool IsNeeded(Import import) =>
        import.SearchedUpTo < End && ReadRows.RulesOf(import).Fields.Contains(ImportFields.Status);

    /// <summary>Looks at the next pieces, up to one that is not as it was read any more.</summary>
    /// <param name="held">The import's row while it is ours.</param>
    /// <returns>Whether the import is still ours.</returns>
    public async Task<bool> SearchAsync(Import import, IQueryable<Import> held, ContactList list, DateTime now, CancellationToken ct)
    {
        var pieces = await db
            .ImportPieces.AsNoTracking()
            .Where(piece => piece.ImportId == import.Id && piece.Number > import.SearchedUpTo)
            .OrderBy(piece => piece.Number)
            .Take(AtOnce)
            .ToListAsync(ct);
        foreach (var found in pieces.Select(piece => Split(import, piece, now)).Where(one => one.Gone.Count > 0))
        {
            var isOurs = await db.WriteAsync(() => TakeOutAsync(held, found, list, ct), ct);
            if (isOurs != true)
            {
                // What somebody was erased from meanwhile is read again.
                return isOurs is null;
            }

            import.SearchedUpTo = found.Piece.Number;
            db.ChangeTracker.Clear();
        }

        var upTo = pieces.Count < AtOnce ? End : pieces[^1].Number;
        var isLooked = await db.WriteAsync(
            () => held.ExecuteUpdateAsync(set => set.SetProperty(row => row.SearchedUpTo, upTo).SetProperty(row => row.Failures, 0), ct),
            ct
        );
        import.SearchedUpTo = upTo;
        return isLooked > 0;
    }

    /// <returns>False when the import is not ours any more, null when the piece is not as it was read.</returns>
    private async Task<bool?> TakeOutAsync(IQueryable<Import> held, Found found, ContactList list, CancellationToken ct)
    {
        if (await held.LockAsync(ct) == 0)
        {
            return false;
        }

        if (!await ImportRows.ReplaceAsync(db, found.Piece, found.Others, ct))
        {
            return null;
        }

        await apply.SuppressAsync(found.Gone, list, ct);
        await held.ExecuteUpdateAsync(
            set =>
                set.SetProperty(row => row.SearchedUpTo, found.Piece.Number)
                    .SetProperty(row => row.Suppressed, row => row.Suppressed + found.Gone.Count)
                    .SetProperty(row => row.Failures, 0),
            ct
        );
        return true;
    }

    private static Found Split(Import import, ImportPiece piece, DateTime now)
    {
        var rules = ReadRows.RulesOf(import);
        var at = rules.Fields.ToList().LastIndexOf(ImportFields.Status);
        var (gone, others) = (new List<ImportedPerson>(), new List<FileRow>());
        foreach (var row in ImportRows.Of(piece))
        {
            if (
                at < row.Cells.Count
                && RowStatus.Of(row.Cells[at]) is { Reason: not null }
                && PersonReading.Of(row, rules, now).Person is { } person
            )
            {
                gone.Add(person);
            }
            else
            {
                others.Add(row);
            }
        }

        return new(piece, gone, others);
    }

    /// <param name="Gone">People whom its rows call gone.</param>
    /// <param name="Others">The rows that say it of nobody, or cannot be taken.</param>
    private sealed record Found(ImportPiece Piece, IReadOnlyList<ImportedPerson> Gone, IReadOnlyList<FileRow> Others);
}
