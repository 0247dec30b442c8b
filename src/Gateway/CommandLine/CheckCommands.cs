using System.CommandLine;
using Gateway.Infrastructure.Commands;

namespace Gateway.CommandLine;

/// <summary>
/// <c>check config</c> and <c>migrate</c>. Both are done by preparing the services: a wrong setting or database ends that with its
/// sentences.
/// </summary>
internal static class CheckCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("check", "Checks")
        {
            new Command("config", "Check the settings as the server would at its start").Does(
                services,
                (_, _, _) => Task.FromResult(new CommandOutput(new { ok = true }, "The settings are in order."))
            ),
        };

    public static Command Migrate(Func<Task<IServiceProvider>> services) =>
        new Command("migrate", "Bring the database up to date and end").Does(
            services,
            (_, _, _) => Task.FromResult(new CommandOutput(new { ok = true }, "The database is up to date."))
        );
}
