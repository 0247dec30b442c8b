using Npgsql;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Where connections to PostgreSQL come from, for the gateway and for Hangfire. A connection string may name several servers, such as
/// <c>Host=db1,db2</c>: the one that takes writes is found anew whenever it has changed.
/// </summary>
internal static class PostgresSource
{
    /// <summary>How long it is believed which of several servers takes writes. A standby is promoted within seconds.</summary>
    private const int RecheckSeconds = 1;
    private const string Recheck = "Host Recheck Seconds";

    private const string AutoPrepare = "Max Auto Prepare";

    /// <summary>Statements that a session keeps prepared, those used last.</summary>
    private const int MaxPrepared = 200;

    private const string PlansEachTime = "-c plan_cache_mode=force_custom_plan";

    private static readonly string[] Writable = ["primary", "read-write"];

    /// <summary>
    /// The workers run the same statements over and over: the server parses them once for each session, and plans them each time
    /// (docs/adr/0045-statements-are-planned-each-time.md). Not behind a pooler, nor where the connection string says what is prepared.
    /// </summary>
    /// <inheritdoc cref="Of"/>
    public static NpgsqlDataSource Preparing(string connection)
    {
        var source = Of(connection);
        var parts = new NpgsqlConnectionStringBuilder(connection);
        if (parts.ShouldSerialize(AutoPrepare) || Pooler.StandsBefore(source))
        {
            return source;
        }

        source.Dispose();
        parts.MaxAutoPrepare = MaxPrepared;
        parts.Options = $"{parts.Options} {PlansEachTime}".TrimStart();

        // Nothing here sets anything for a session: no locks, no variables, no temporary tables. Without it the server would be told to
        // forget all of them before each use of a connection, which takes it as long as a small statement.
        parts.NoResetOnClose = true;
        return Of(parts.ConnectionString);
    }

    /// <exception cref="InvalidOperationException">It asks for a server that takes no writes; the message says which part.</exception>
    public static NpgsqlDataSource Of(string connection)
    {
        var parts = new NpgsqlConnectionStringBuilder(connection);
        if (!parts.Host!.Contains(',', StringComparison.Ordinal))
        {
            return NpgsqlDataSource.Create(connection);
        }

        if (parts.TargetSessionAttributes is { } target && !Writable.Contains(target, StringComparer.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException($"Target Session Attributes={target} may lead to a server that takes no writes.");
        }

        // The source is asked for what the part would say.
        parts.TargetSessionAttributes = null;
        if (!parts.ShouldSerialize(Recheck))
        {
            parts.HostRecheckSeconds = RecheckSeconds;
        }

        return new NpgsqlDataSourceBuilder(parts.ConnectionString).BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary);
    }
}
