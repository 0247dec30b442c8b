using System.CommandLine;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Settings;

namespace Gateway.CommandLine;

/// <summary>
/// <c>check config</c> and <c>migrate</c>. Both are done by preparing the services: a wrong setting or database ends that with its
/// sentences.
/// </summary>
internal static class CheckCommands
{
    public static Command All(Func<Task<IServiceProvider>> services)
    {
        var connect = new Option<bool>("--connect")
        {
            Description = "Also connect and sign in to the servers of mail, lists and SMS; nothing is sent",
        };
        return new("check", "Checks")
        {
            new Command("config", "Check the settings as the server would at its start") { connect }.Does(
                services,
                async (scope, parsed, ct) =>
                    Describe(
                        scope.GetRequiredService<SettingsCheck>().Warnings,
                        parsed.GetValue(connect) ? await ConnectAsync(scope.GetServices<IConnectionCheck>(), ct) : []
                    )
            ),
        };
    }

    public static Command Migrate(Func<Task<IServiceProvider>> services) =>
        new Command("migrate", "Bring the database up to date and end").Does(
            services,
            (_, _, _) => Task.FromResult(new CommandOutput(new { ok = true }, "The database is up to date."))
        );

    private sealed record Connection(string Name, string? Error);

    private static async Task<IReadOnlyList<Connection>> ConnectAsync(IEnumerable<IConnectionCheck> checks, CancellationToken ct) =>
        await Task.WhenAll(
            checks.Where(check => check.IsConfigured).Select(async check => new Connection(check.Name, await check.ErrorAsync(ct)))
        );

    private static CommandOutput Describe(IReadOnlyList<string> warnings, IReadOnlyList<Connection> connections)
    {
        var isWell = connections.All(connection => connection.Error is null);
        string[] lines =
        [
            isWell ? "The settings are in order." : "The settings can be read, but not everything works:",
            .. warnings.Select(warning => "Warning: " + warning),
            .. connections.Select(connection => $"{connection.Name}: {connection.Error ?? "works"}"),
        ];
        return new(
            new
            {
                ok = isWell,
                warnings,
                connections,
            },
            string.Join('\n', lines),
            isWell ? 0 : 1
        );
    }
}
