using System.Reflection;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Gateway.Tests.Data;

/// <summary>
/// What a gateway of the version before may meet in its database while it still runs: additions that it need not know. All else is a second
/// step, in a later version, and is marked (<see cref="ContractsAttribute"/>).
/// </summary>
internal static class MigrationRules
{
    /// <returns>A sentence for each thing that a gateway of the version before would stumble over.</returns>
    public static IEnumerable<string> Faults(string id, Migration migration, IReadOnlyCollection<string> before)
    {
        if (migration.GetType().GetCustomAttribute<ContractsAttribute>() is { } second)
        {
            return before.Contains(second.ExpandedBy)
                ? []
                : [$"{id} contracts what {second.ExpandedBy} expanded, which is no migration before it."];
        }

        var made = migration.UpOperations.OfType<CreateTableOperation>().Select(table => table.Name).ToHashSet();
        return migration
            .UpOperations.Where(operation => operation is not ITableMigrationOperation table || !made.Contains(table.Table))
            .Select(WhyBreaking)
            .OfType<string>()
            .Select(why => $"{id} {why}");
    }

    /// <returns>Null when nobody has to know of it.</returns>
    private static string? WhyBreaking(MigrationOperation operation) =>
        operation switch
        {
            CreateTableOperation or DropIndexOperation or DropForeignKeyOperation or DropCheckConstraintOperation => null,
            DropUniqueConstraintOperation => "drops a unique constraint, which statements of the version before may name.",
            CreateIndexOperation { IsUnique: false } or CreateSequenceOperation or EnsureSchemaOperation => null,
            AddColumnOperation { IsNullable: true } => null,
            AddColumnOperation { DefaultValue: not null } or AddColumnOperation { DefaultValueSql: not null } => null,
            AddColumnOperation added =>
                $"adds {added.Table}.{added.Name}, which the version before does not fill: allow null, or give a default.",
            AlterColumnOperation altered when !IsNarrower(altered) => null,
            AlterColumnOperation altered =>
                $"changes {altered.Table}.{altered.Name}, which the version before reads and writes as it was.",
            _ => $"has a {operation.GetType().Name}, which the version before may stumble over.",
        };

    private static bool IsNarrower(AlterColumnOperation altered) =>
        altered.IsNullable != altered.OldColumn.IsNullable
        || altered.ColumnType != altered.OldColumn.ColumnType
        || altered.ClrType != altered.OldColumn.ClrType;
}
