using System.Runtime.CompilerServices;
using Gateway.Infrastructure.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Gateway.Tests.Hosting;

/// <summary>
/// Ends each transaction at its commit as the database does that wants another to go on first, and lets it pass when it comes again. What
/// a gateway does must be the same with it and without. <c>GATEWAY_TEST_UNDO=1</c> turns it on for every test.
/// </summary>
internal sealed class UndoneOnce : DbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, object> _undone = [];

    public bool IsOn { get; set; } = Environment.GetEnvironmentVariable("GATEWAY_TEST_UNDO") == "1";

    public void Apply(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteGatewayDb>(options => options.AddInterceptors(this), ServiceLifetime.Singleton);
        services.ConfigureDbContext<PostgresGatewayDb>(options => options.AddInterceptors(this), ServiceLifetime.Singleton);
    }

    public override ValueTask<InterceptionResult> TransactionCommittingAsync(
        System.Data.Common.DbTransaction transaction,
        TransactionEventData eventData,
        InterceptionResult result,
        CancellationToken cancellationToken = default
    )
    {
        var db = eventData.Context!;
        if (_undone.Remove(db) || !IsOn)
        {
            return new(result);
        }

        _undone.Add(db, db);
        throw TestDatabase.IsPostgres
            ? new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected)
            : new SqliteException("database is locked", SQLitePCL.raw.SQLITE_BUSY);
    }
}
