using System.Globalization;
using Gateway.Infrastructure.Telemetry;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Operations;

/// <summary>What Prometheus would read.</summary>
internal sealed record Scrape(string Text)
{
    /// <summary>Counts the queues first, as the program itself does every quarter of a minute.</summary>
    public static async Task<Scrape> ReadAsync(GatewayUnderTest gateway)
    {
        await gateway.Services.GetRequiredService<QueueGauges>().SampleAsync(CancellationToken.None);
        using var client = gateway.CreateClient();
        return new(await client.GetStringAsync("/metrics"));
    }

    /// <returns>The sum of the series of a metric that carry all the labels; 0 when there is none.</returns>
    public double this[string metric, params string[] labels] =>
        Text.Split('\n')
            .Where(line =>
                line.StartsWith(metric + "{", StringComparison.Ordinal)
                && labels.All(label => line.Contains(label, StringComparison.Ordinal))
            )
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
