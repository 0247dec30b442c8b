using Gateway.Infrastructure.Connections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Infrastructure.Telemetry.Health;

/// <summary>The ways out: a mail server, list providers, SMS providers. One that is held makes the process degraded, not unready.</summary>
internal sealed class ConnectionsCheck(Outages outages) : IHealthCheck
{
    private const string Problems = "problems";

    /// <param name="Connection"><c>mail</c>, <c>lists</c> or <c>sms</c>.</param>
    /// <param name="Code">Stable, such as <c>sign_in_refused</c>.</param>
    /// <param name="Since">When the oldest of them began, UTC.</param>
    /// <remarks>No counts: anybody may ask, and whether one more waits tells what became of a sign-up.</remarks>
    public sealed record Problem(string Connection, string Code, DateTime Since);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var held = await Task.Run(() => outages.ListAsync(sites: null, cancellationToken), cancellationToken)
            .WaitAsync(cancellationToken);

        // What was decided here is no fault of a connection.
        var open = held.FindAll(one => one.Outage.Concern != Concern.Decision);
        return open.Count == 0
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(data: new Dictionary<string, object> { [Problems] = Alike(open) });
    }

    public static IReadOnlyList<Problem> ProblemsOf(HealthReport report) =>
        [.. report.Entries.Values.SelectMany(entry => entry.Data.GetValueOrDefault(Problems) as Problem[] ?? [])];

    private static Problem[] Alike(List<OpenOutage> open) =>
        [
            .. open.GroupBy(one => (one.Outage.Queue, one.Outage.Code))
                .Select(alike => new Problem(alike.Key.Queue, alike.Key.Code, alike.Min(one => one.Outage.Since))),
        ];
}
