using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace Gateway.Tests.Data;

/// <summary>Expand, then contract: gateways of two versions run side by side on the newer one's database.</summary>
public sealed class MigrationRulesTests
{
    public static TheoryData<MigrationOperation> Breaking { get; } =
    [
        new DropTableOperation { Name = "messages" },
        new RenameTableOperation { Name = "messages", NewName = "mails" },
        new DropColumnOperation { Table = "messages", Name = "answer" },
        new RenameColumnOperation
        {
            Table = "messages",
            Name = "answer",
            NewName = "reply",
        },
        Column(new AddColumnOperation(), nullable: false),
        Altered(from: true, to: false),
        Altered(from: false, to: true),
        new CreateIndexOperation
        {
            Table = "messages",
            Name = "ix",
            Columns = ["answer"],
            IsUnique = true,
        },
        new AddCheckConstraintOperation
        {
            Table = "messages",
            Name = "ck",
            Sql = "attempts < 9",
        },
        new SqlOperation { Sql = "delete from messages" },
    ];

    public static TheoryData<MigrationOperation> Additions { get; } =
    [
        new CreateTableOperation { Name = "drafts" },
        Column(new AddColumnOperation(), nullable: true),
        Column(new AddColumnOperation { DefaultValue = 0 }, nullable: false),
        new CreateIndexOperation
        {
            Table = "messages",
            Name = "ix",
            Columns = ["answer"],
        },
        new CreateIndexOperation
        {
            Table = "drafts",
            Name = "ix",
            Columns = ["key"],
        },
        Altered(from: false, to: false),
    ];

    [Fact]
    public void Every_migration_since_the_first_only_adds_or_is_a_marked_second_step()
    {
        using var sqlite = new DataSetup.SqliteDesign().CreateDbContext([]);
        using var postgres = new DataSetup.PostgresDesign().CreateDbContext([]);

        Assert.Equal([], new GatewayDb[] { sqlite, postgres }.SelectMany(FaultsOf));
    }

    [Theory]
    [MemberData(nameof(Breaking))]
    public void What_the_version_before_would_stumble_over_is_told(MigrationOperation operation) =>
        Assert.StartsWith("2_Next ", Assert.Single(FaultsOf(new Next(operation))), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Additions))]
    public void What_it_need_not_know_is_allowed(MigrationOperation operation) => Assert.Empty(FaultsOf(new Next(operation)));

    [Fact]
    public void A_second_step_names_the_first_which_is_there()
    {
        DropTableOperation drop = new() { Name = "messages" };

        Assert.Empty(FaultsOf(new Second(drop)));
        Assert.Contains("0_Missing", Assert.Single(FaultsOf(new SecondOfNone(drop))), StringComparison.Ordinal);
    }

    private static IEnumerable<string> FaultsOf(Migration migration) => MigrationRules.Faults("2_Next", migration, ["1_First"]);

    private static IEnumerable<string> FaultsOf(GatewayDb db)
    {
        var all = db.GetService<IMigrationsAssembly>();
        var ids = all.Migrations.Keys.ToList();
        Assert.EndsWith("_Initial", ids[0], StringComparison.Ordinal);
        return ids.Skip(1)
            .SelectMany(
                (id, at) =>
                    MigrationRules.Faults(id, all.CreateMigration(all.Migrations[id], db.Database.ProviderName!), ids.GetRange(0, at + 1))
            );
    }

    private static T Column<T>(T column, bool nullable)
        where T : ColumnOperation
    {
        (column.Table, column.Name, column.ClrType, column.ColumnType) = ("messages", "answer", typeof(string), "text");
        column.IsNullable = nullable;
        return column;
    }

    private static AlterColumnOperation Altered(bool from, bool to) =>
        Column(new AlterColumnOperation { OldColumn = Column(new AddColumnOperation(), from), Comment = "What the server said." }, to);

    private class Next(MigrationOperation operation) : Migration
    {
        public override IReadOnlyList<MigrationOperation> UpOperations => [operation];

        protected override void Up(MigrationBuilder migrationBuilder) { }
    }

    [Contracts("1_First")]
    private sealed class Second(MigrationOperation operation) : Next(operation);

    [Contracts("0_Missing")]
    private sealed class SecondOfNone(MigrationOperation operation) : Next(operation);
}
