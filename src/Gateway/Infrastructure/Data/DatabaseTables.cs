using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Gateway.Infrastructure.Data;

/// <summary>The tables of the model, whatever room they belong to.</summary>
internal static class DatabaseTables
{
    /// <returns>Each after those that its foreign keys point to, else by name.</returns>
    public static IReadOnlyList<IEntityType> InOrder(IModel model)
    {
        var left = model.GetEntityTypes().OrderBy(table => table.GetTableName(), StringComparer.Ordinal).ToList();
        var ordered = new List<IEntityType>(left.Count);
        while (left.Count > 0)
        {
            var next =
                left.Find(table =>
                    table.GetForeignKeys().All(key => key.PrincipalEntityType == table || ordered.Contains(key.PrincipalEntityType))
                ) ?? throw new InvalidOperationException("Foreign keys of the model lead in a circle.");
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;
    }

    /// <summary>Whether there is no row but those that migrations put there, or not even a table.</summary>
    /// <param name="connection">An open one to the database that is asked about; the model is that of <paramref name="db"/>.</param>
    public static async Task<bool> AreEmptyAsync(GatewayDb db, DbConnection connection, CancellationToken ct)
    {
        foreach (var table in db.GetService<IDesignTimeModel>().Model.GetEntityTypes())
        {
            await using var command = connection.CreateCommand();
            var seeds = table.GetSeedData().Count();
            command.CommandText = $"select count(*) from (select 1 from {table.GetTableName()} limit {seeds + 1}) as found";
            try
            {
                if (Convert.ToInt32(await command.ExecuteScalarAsync(ct), null) > seeds)
                {
                    return false;
                }
            }
            catch (DbException missing) when (IsNoSuchTable(missing))
            {
                // It was made by another version, or by nobody yet.
            }
        }

        return true;
    }

    private static bool IsNoSuchTable(DbException error) =>
        error.SqlState == Npgsql.PostgresErrorCodes.UndefinedTable || error.Message.Contains("no such table", StringComparison.Ordinal);
}
