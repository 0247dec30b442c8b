using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>Writes many rows back, each with values of its own, by one statement that both databases speak.</summary>
internal static class BulkUpdate
{
    private static readonly string[] Leased = [nameof(IQueued.Id), nameof(IQueued.Attempts)];
    private static readonly string[] ById = [nameof(IQueued.Id)];

    /// <summary>A row that another worker has leased since is left to it: the number of attempts is the lease.</summary>
    /// <param name="set">Names of the properties to store.</param>
    /// <param name="where">What else must hold of a row as it is stored, in SQL, such as <c>due_at is not null</c>; a text of the program's
    /// own, never a value.</param>
    /// <returns>The ids of the rows that were still ours. Runs inside the caller's transaction.</returns>
    public static Task<HashSet<Guid>> UpdateLeasedAsync<T>(
        this GatewayDb db,
        IReadOnlyCollection<T> rows,
        IReadOnlyCollection<string> set,
        string where,
        CancellationToken ct
    )
        where T : class, IQueued => UpdateAsync(db, rows, Leased, set, where, ct);

    /// <summary>Whoever has leased a row: only <paramref name="where"/> says which change.</summary>
    /// <inheritdoc cref="UpdateLeasedAsync"/>
    public static Task<HashSet<Guid>> UpdateAsync<T>(
        this GatewayDb db,
        IReadOnlyCollection<T> rows,
        IReadOnlyCollection<string> set,
        string where,
        CancellationToken ct
    )
        where T : class, IQueued => UpdateAsync(db, rows, ById, set, where, ct);

    private static async Task<HashSet<Guid>> UpdateAsync<T>(
        GatewayDb db,
        IReadOnlyCollection<T> rows,
        string[] found,
        IReadOnlyCollection<string> set,
        string where,
        CancellationToken ct
    )
        where T : class, IQueued
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var columns = found.Concat(set).Select(name => entity.FindProperty(name)!).ToArray();
        var table = entity.GetTableName();
        var stored = columns.Skip(found.Length).Select((column, at) => $"{column.GetColumnName()} = given.column{at + found.Length + 1}");
        var same = found.Select((name, at) => $"{table}.{entity.FindProperty(name)!.GetColumnName()} = given.column{at + 1}");
        var updated = new HashSet<Guid>(rows.Count);
        await db.RunForAsync(
            rows,
            columns,
            list =>
                $"""
                    update {table} set {string.Join(", ", stored)} from ({list}) as given
                    where {string.Join(" and ", same)} and ({where}) returning id
                    """,
            ct,
            reader => updated.Add(reader.GetGuid(0))
        );
        return updated;
    }
}
