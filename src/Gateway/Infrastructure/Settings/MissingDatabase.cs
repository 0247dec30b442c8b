using Gateway.Infrastructure.Data;
using Microsoft.Data.Sqlite;

namespace Gateway.Infrastructure.Settings;

/// <summary>
/// A command that finds neither a setting for the database nor the file that is taken without one was started without the server's
/// settings: it says where it looked, instead of working on an empty database of its own.
/// </summary>
internal static class MissingDatabase
{
    /// <returns>Where it looked, in a sentence; null when there is a database, or somebody named one.</returns>
    public static string? ErrorOf(IConfiguration configuration, IHostEnvironment environment)
    {
        var connection = configuration.GatewayConnection();
        if (connection != DataSetup.DefaultConnection)
        {
            return null;
        }

        var file = System.IO.Path.GetFullPath(new SqliteConnectionStringBuilder(connection).DataSource);
        if (File.Exists(file))
        {
            return null;
        }

        var settings = System.IO.Path.Combine(environment.ContentRootPath, "appsettings.json");
        return $"There is no database: ConnectionStrings__Gateway is not set, and {file} does not exist. Settings were looked for in the "
            + $"environment, in {EnvironmentFile.Path} ({(File.Exists(EnvironmentFile.Path) ? "read" : "not found")}) and in {settings}. "
            + "Give the command the settings of the server, or make a database here with: gateway migrate";
    }
}
