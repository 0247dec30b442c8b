using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Holds rows until the caller's transaction ends. Both databases lock what a statement updates, so one that changes nothing is the lock
/// they share.
/// </summary>
internal static class RowLock
{
    /// <param name="rows">Rows of one table whose key is <c>Id</c>.</param>
    /// <returns>How many rows are held; 0 when there is none.</returns>
    public static Task<int> LockAsync<T>(this IQueryable<T> rows, CancellationToken ct)
        where T : class =>
        rows.ExecuteUpdateAsync(set => set.SetProperty(row => EF.Property<Guid>(row, "Id"), row => EF.Property<Guid>(row, "Id")), ct);
}
