using System.Text.Json;
using Gateway.Features.Imports.Reading;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>What belongs to imports, and goes with them.</summary>
internal static class ImportRows
{
    /// <summary>Deletes imports with all that belongs to them, inside the caller's transaction.</summary>
    public static async Task<int> DeleteAsync(GatewayDb db, IReadOnlyCollection<Guid> importIds, CancellationToken ct)
    {
        await db.ImportPieces.Where(row => importIds.Contains(row.ImportId)).ExecuteDeleteAsync(ct);
        await db.ImportedSubscriptions.Where(row => importIds.Contains(row.ImportId)).ExecuteDeleteAsync(ct);
        await db.RefusedRows.Where(row => importIds.Contains(row.ImportId)).ExecuteDeleteAsync(ct);
        return await db.Imports.Where(row => importIds.Contains(row.Id)).ExecuteDeleteAsync(ct);
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
