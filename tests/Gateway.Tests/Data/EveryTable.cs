using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Data;

/// <summary>Rows in every table of the model, with a value in every column, so that none is forgotten.</summary>
internal static class EveryTable
{
    /// <summary>These belong to each other, and are made by the program.</summary>
    private static readonly Type[] MadeByTheProgram =
    [
        typeof(Site),
        typeof(Credential),
        typeof(SigningKey),
        typeof(DataProtectionKey),
        typeof(Consent),
        typeof(LedgerHead),
    ];

    /// <returns>The site, with an entry in its ledger.</returns>
    public static async Task<Guid> FillAsync(Installation installation, int rows)
    {
        await installation.RunAsync("site", "add", "Ann's Shop", "--from", "news@shop.example");
        return await installation.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<GatewayDb>();
            var site = (await services.GetRequiredService<SiteStore>().ListAsync(null, default))[0].Id;
            await db.WriteAsync(
                async () =>
                {
                    foreach (var table in db.Model.GetEntityTypes().Where(table => !MadeByTheProgram.Contains(table.ClrType)))
                    {
                        for (var number = 1; number <= rows; number++)
                        {
                            await InsertAsync(db, table, number);
                        }
                    }

                    await services
                        .GetRequiredService<ConsentLedger>()
                        .AppendAsync(
                            site,
                            new(
                                ConsentKind.Confirmed,
                                Guid.CreateVersion7(),
                                Guid.CreateVersion7(),
                                new Dictionary<string, string?> { ["by"] = "button" },
                                new Dictionary<string, string?> { ["email"] = "ann@example.org" }
                            ),
                            default
                        );
                },
                default
            );
            return site;
        });
    }

    private static async Task InsertAsync(GatewayDb db, IEntityType table, int number)
    {
        var columns = table.GetProperties().ToList();
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.Transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        for (var at = 0; at < columns.Count; at++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{at}", ValueOf(columns[at], number));
            command.Parameters.Add(parameter);
        }

        command.CommandText =
            $"insert into {table.GetTableName()} ({string.Join(", ", columns.Select(column => column.GetColumnName()))}) values "
            + $"({string.Join(", ", columns.Select((_, at) => $"@p{at}"))})";
        await command.ExecuteNonQueryAsync();
    }

    private static object ValueOf(IProperty column, int number)
    {
        var (type, stored) = (
            Unwrapped(column.ClrType),
            Unwrapped(column.GetRelationalTypeMapping().Converter?.ProviderClrType ?? column.ClrType)
        );
        return type.IsEnum ? CaseConverter.Lower(Enum.GetNames(type)[0])
            : stored == typeof(string) ? $"é{number}"
            : stored == typeof(Guid) ? Guid.CreateVersion7()
            : stored == typeof(DateTime) ? new DateTime(2026, 11, 29, 8, 30, 0, DateTimeKind.Utc).AddTicks(1_234_567 + number)
            : stored == typeof(DateOnly) ? new DateOnly(2026, 11, 29).AddDays(number)
            : stored == typeof(byte[]) ? BitConverter.GetBytes(number)
            : stored == typeof(decimal) ? number + 0.0075m
            : stored == typeof(bool) ? number % 2 == 0
            : Convert.ChangeType(number, stored, null);
    }

    private static Type Unwrapped(Type type) => Nullable.GetUnderlyingType(type) ?? type;
}
