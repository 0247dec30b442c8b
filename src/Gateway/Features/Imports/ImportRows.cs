using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>What belongs to imports, and goes with them.</summary>
internal static class ImportRows
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Deletes imports with all that belongs to them, inside the caller's transaction.</summary>
    public static async Task<int> DeleteAsync(GatewayDb db, IReadOnlyCollection<Guid> importIds, CancellationToken ct)
    {
        await db.ImportPieces.Where(row => importIds.Contains(row.ImportId)).ExecuteDeleteAsync(ct);
        await db.ImportedSubscriptions.Where(row => importIds.Contains(row.ImportId)).ExecuteDeleteAsync(ct);
        await db.RefusedRows.Where(row => importIds.Contains(row.ImportId)).ExecuteDeleteAsync(ct);
        return await db.Imports.Where(row => importIds.Contains(row.Id)).ExecuteDeleteAsync(ct);
    }

    /// <returns>Rows as a piece holds them.</returns>
    public static string Written(IReadOnlyList<FileRow> rows) => JsonSerializer.Serialize(rows, Json);

    /// <summary>Marks of all addresses in the rows, by which an erasure finds the pieces that are about a person.</summary>
    public static string MarksOf(IEnumerable<FileRow> rows)
    {
        var marks = new HashSet<string>();
        foreach (var cell in rows.SelectMany(row => row.Cells).Where(cell => cell.Contains('@', StringComparison.Ordinal)))
        {
            if (EmailAddress.Parse(cell) is { } address)
            {
                marks.Add(MarkOf(address.Key));
            }
        }

        return string.Concat(marks);
    }

    /// <returns>A space and eight digits, which another address hardly ever has as well.</returns>
    public static string MarkOf(string addressKey) =>
        " " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(addressKey)).AsSpan(0, 4));

    /// <summary>Puts other rows, and their marks, in the place of a piece's, inside the caller's transaction.</summary>
    /// <returns>False when it is not as it was read any more.</returns>
    public static async Task<bool> ReplaceAsync(GatewayDb db, ImportPiece piece, IReadOnlyList<FileRow> rows, CancellationToken ct)
    {
        var (written, people) = (Written(rows), MarksOf(rows));
        return await db
                .ImportPieces.Where(one => one.Id == piece.Id && one.Revision == piece.Revision)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(one => one.Rows, written)
                            .SetProperty(one => one.People, people)
                            .SetProperty(one => one.Revision, one => one.Revision + 1),
                    ct
                ) > 0;
    }

    /// <returns>The rows of a piece.</returns>
    public static List<FileRow> Of(ImportPiece piece) => JsonSerializer.Deserialize<List<FileRow>>(piece.Rows)!;

    /// <returns>The first rows that nobody has looked at; null when none are left.</returns>
    public static Task<ImportPiece?> NextAsync(GatewayDb db, Guid importId, CancellationToken ct) =>
        db.ImportPieces.AsNoTracking().Where(piece => piece.ImportId == importId).OrderBy(piece => piece.Number).FirstOrDefaultAsync(ct);
}

/// <summary>Imports that came to their end, with what is kept of their rows.</summary>
internal sealed class SettledImports(GatewayDb db) : SettledRows<Import>(db, import => import.EndedAt != null)
{
    protected override Task<int> DeleteAsync(List<Guid> ids, CancellationToken ct) => ImportRows.DeleteAsync(Db, ids, ct);
}
