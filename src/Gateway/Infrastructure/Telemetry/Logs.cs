using System.Globalization;

namespace Gateway.Infrastructure.Telemetry;

/// <summary>How the log looks: for machines in Production, for people in Development.</summary>
internal static class Logs
{
    /// <summary>
    /// What fails before the program has started is told by its end, in a sentence; the host would log the whole exception before that.
    /// </summary>
    public static void AddStartup(this ILoggingBuilder logging, Func<bool> hasStarted) =>
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => level >= LogLevel.Information && hasStarted());

    public static void AddGatewayConsole(this ILoggingBuilder logging, IHostEnvironment environment)
    {
        if (environment.IsDevelopment())
        {
            logging.AddSimpleConsole(console => console.TimestampFormat = "HH:mm:ss ");
            return;
        }

        logging.AddJsonConsole(console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = CultureInfo.InvariantCulture.DateTimeFormat.SortableDateTimePattern + ".fff'Z'";

            // The framework's scopes hold the path of the request, and with it the tokens of links.
            console.IncludeScopes = false;
        });
    }
}
