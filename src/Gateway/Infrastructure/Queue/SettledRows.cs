using System.Linq.Expressions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>A table whose rows are not needed for ever once nothing is left to do with them.</summary>
internal interface ISettledRows
{
    /// <summary>Deletes some that are settled and old, the oldest first, by short statements that keep no writer waiting.</summary>
    /// <param name="after">Where it goes on: rows up to this id were looked at.</param>
    /// <param name="keep">From which moment on a site's rows are kept, UTC.</param>
    /// <param name="latest">The latest of these moments.</param>
    /// <param name="limit">How many rows at most.</param>
    /// <returns>Null when none is left.</returns>
    Task<SettledBite?> DeleteAsync(Guid after, Func<Guid, DateTime> keep, DateTime latest, int limit, CancellationToken ct);
}

/// <param name="Last">The id of the last row that was looked at.</param>
/// <param name="Deleted">How many are gone.</param>
internal sealed record SettledBite(Guid Last, int Deleted);

/// <summary>
/// Goes by the ids, which begin with the time in which they were made: their index is in that order, so no other is needed.
/// </summary>
/// <param name="settled">Nothing is left to do with such a row, and nobody can have it tried again.</param>
internal class SettledRows<T>(GatewayDb db, Expression<Func<T, bool>> settled) : ISettledRows
    where T : class
{
    private const string Id = "Id";

    protected GatewayDb Db => db;

    public async Task<SettledBite?> DeleteAsync(Guid after, Func<Guid, DateTime> keep, DateTime latest, int limit, CancellationToken ct)
    {
        var end = PublicId.FirstOf(latest);
        var found = await db.Set<T>()
            .AsNoTracking()
            .Where(row => EF.Property<Guid>(row, Id) > after && EF.Property<Guid>(row, Id) < end)
            .Where(settled)
            .OrderBy(row => EF.Property<Guid>(row, Id))
            .Take(limit)
            .Select(row => new { Id = EF.Property<Guid>(row, Id), Site = EF.Property<Guid>(row, "SiteId") })
            .ToListAsync(ct);
        if (found.Count == 0)
        {
            return null;
        }

        List<Guid> old = [.. found.Where(row => PublicId.MadeAt(row.Id) < keep(row.Site)).Select(row => row.Id)];
        return new(found[^1].Id, old.Count == 0 ? 0 : await db.WriteAsync(() => DeleteAsync(old, ct), ct));
    }

    /// <summary>Deletes them with what belongs to them, inside the caller's transaction.</summary>
    protected virtual Task<int> DeleteAsync(List<Guid> ids, CancellationToken ct) =>
        db.Set<T>().Where(row => ids.Contains(EF.Property<Guid>(row, Id))).Where(settled).ExecuteDeleteAsync(ct);
}
