using System.Data.Common;
using Gateway.Infrastructure.Settings;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Reads the connection string before a database driver does, whose errors are for programmers. Its values may be secret.
/// </summary>
internal static class ConnectionText
{
    private const string Setting = "ConnectionStrings__Gateway";

    private static readonly string[] Usual =
    [
        "Data Source",
        "Mode",
        "Cache",
        "Foreign Keys",
        "Default Timeout",
        "Host",
        "Port",
        "Database",
        "Username",
        "Password",
        "SSL Mode",
        "Root Certificate",
        "Timeout",
        "Command Timeout",
        "Pooling",
        "Minimum Pool Size",
        "Maximum Pool Size",
        "Target Session Attributes",
        "Host Recheck Seconds",
        "No Reset On Close",
    ];

    /// <returns>What is wrong with it, in a sentence; null when nothing.</returns>
    public static string? ErrorOf(string connection)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connection;
        }
        catch (ArgumentException)
        {
            return $"{Setting} must be parts such as \"Data Source=/var/lib/gateway/gateway.db\" or \"Host=…;Database=…;Username=…;"
                + "Password=…\"; a value with ; or = in it stands in quotes.";
        }

        var isPostgres = DataSetup.IsPostgres(connection);
        DbConnectionStringBuilder reader = isPostgres ? new NpgsqlConnectionStringBuilder() : new SqliteConnectionStringBuilder();
        var names = parts.Keys.Cast<string>().ToList();
        var postgres = new NpgsqlConnectionStringBuilder();
        var others = names.Where(name => !reader.ContainsKey(name)).ToList();
        if ((others.Find(name => !postgres.ContainsKey(name)) ?? others.FirstOrDefault()) is { } unknown)
        {
            // A misspelled Host makes a PostgreSQL string look like one of SQLite.
            var shown = connection.Substring(connection.IndexOf(unknown, StringComparison.OrdinalIgnoreCase), unknown.Length);
            return !isPostgres && postgres.ContainsKey(unknown)
                    ? $"{Setting} has a part \"{shown}\", which belongs to PostgreSQL, but no \"Host\". It needs \"Host=…;Database=…;"
                        + "Username=…;Password=…\", or \"Data Source=…\" for SQLite."
                : Likeness.Nearest(Usual, unknown, most: 3) is { } nearest
                    ? $"{Setting} has a part \"{shown}\" that does not exist. Did you mean \"{nearest}\"?"
                : $"{Setting} has a part \"{shown}\" that does not exist.";
        }

        return names.Find(name => !Takes(reader, name, parts[name])) is { } wrong
                ? $"The part \"{wrong}\" of {Setting} has a value that cannot be."
            : reader is SqliteConnectionStringBuilder { DataSource.Length: 0 }
                ? $"{Setting} names no database: it needs \"Data Source=…\" for SQLite, or \"Host=…\" for PostgreSQL."
            : reader is SqliteConnectionStringBuilder sqlite ? ErrorOf(sqlite)
            : TogetherError(connection);
    }

    private static string? ErrorOf(SqliteConnectionStringBuilder sqlite) =>
        sqlite.Mode == SqliteOpenMode.Memory || IsInMemory(sqlite.DataSource)
            ? $"{Setting} names a database in memory, which would be gone with the program. It needs a file: \"Data Source=…\"."
        : sqlite.Password.Length > 0
            ? $"{Setting} has a password, but this program's SQLite encrypts nothing. Leave it out, and protect the file itself."
        : null;

    private static bool IsInMemory(string file) =>
        file.Contains(":memory:", StringComparison.OrdinalIgnoreCase) || file.Contains("mode=memory", StringComparison.OrdinalIgnoreCase);

    /// <summary>What each part allows, but not beside another. No connection is made.</summary>
    private static string? TogetherError(string connection)
    {
        try
        {
            PostgresSource.Of(connection).Dispose();
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            return $"{Setting} cannot be used as it is: {wrong.Message}";
        }
    }

    private static bool Takes(DbConnectionStringBuilder reader, string name, object value)
    {
        try
        {
            reader[name] = value;
            return true;
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return false;
        }
    }
}
