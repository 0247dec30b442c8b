using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Health;

/// <summary>Checks of the gateway itself, in words.</summary>
internal static class HealthWords
{
    public const string Connections = "connections";

    /// <param name="check">As readiness names it.</param>
    /// <returns>What it makes sure of.</returns>
    public static string Of(string check) =>
        check switch
        {
            "database" => T("The database answers"),
            "migrations" => T("The database has the tables of this version"),
            "background" => T("What runs in the background runs"),
            Connections => T("Mail servers and providers can be reached"),
            "workers" => T("The queues are worked on"),
            _ => check,
        };
}
