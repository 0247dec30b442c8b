using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>Writes many leased rows back, each with values of its own, by one statement that both databases speak.</summary>
internal static class BulkUpdate
{
    private static readonly string[] Found = [nameof(IQueued.Id), nameof(IQueued.Attempts)];

    /// <summary>A row that another worker has leased since is left to it: the number of attempts is the lease.</summary>
    /// <param name="set">Names of the properties to store.</param>
    /// <param name="where">What else must hold of a row as it is stored, in SQL, such as <c>due_at is not null</c>; a text of the program's
    /// own, never a value.</param>
    /// <returns>The ids of the rows that were still ours. Runs inside the caller's transaction.</returns>
    public static async Task<HashSet<Guid>> UpdateLeasedAsync<T>(
        this GatewayDb db,
        IReadOnlyCollection<T> rows,
        IReadOnlyCollection<string> set,
        string where,
        CancellationToken ct
    )
        where T : class, IQueued
    {
        var entity = db.Model.FindEntityType(typeof(T))!;
        var columns = Found.Concat(set).Select(name => entity.FindProperty(name)!).ToArray();
        var table = entity.GetTableName();
        var stored = columns.Skip(Found.Length).Select((column, at) => $"{column.GetColumnName()} = given.column{at + Found.Length + 1}");
        var updated = new HashSet<Guid>(rows.Count);
        await db.RunForAsync(
            rows,
            columns,
            list =>
                $"""
                    update {table} set {string.Join(", ", stored)} from ({list}) as given
                    where {table}.id = given.column1 and {table}.attempts = given.column2 and ({where}) returning id
                    """,
            ct,
            reader => updated.Add(reader.GetGuid(0))
        );
        return updated;
    }
}
