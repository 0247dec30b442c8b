using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Data;
using Hangfire;
using Hangfire.InMemory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Gateway.Tests.Hosting;

/// <summary>What the many gateways of one process share or leave out, since each would take memory and time of its own for it.</summary>
internal static class Economy
{
    /// <summary>One for all: each would be told of every metric of every gateway there is.</summary>
    private static readonly MeterProvider NoMetrics = Sdk.CreateMeterProviderBuilder().AddPrometheusExporter().Build();

    private static readonly InMemoryStorage NoJobs = new();

    /// <summary>There are more queries than EF keeps by itself; what it forgets it compiles again.</summary>
    private static readonly MemoryCache Compiled = new(new MemoryCacheOptions());

    public static void Apply(IServiceCollection services)
    {
        ShareModel(services);

        // Each metric takes room for all the series that there may be, whether somebody reads it or not: 178 metrics and 25 MB a gateway.
        services.RemoveAll<MeterProvider>();
        services.AddSingleton(NoMetrics);

        ReadElsewhere(services);

        // Hangfire keeps what a gateway sets for the whole process, and none of these has jobs.
        services.RemoveAll<IGlobalConfiguration>();
        services.AddSingleton<IGlobalConfiguration>(GlobalConfiguration.Configuration);
        services.RemoveAll<JobStorage>();
        services.AddSingleton<JobStorage>(NoJobs);
    }

    /// <summary>
    /// EF keeps its model and its compiled queries by the logger factory: with one factory for all they are made once in the process.
    /// </summary>
    public static void ShareModel(IServiceCollection services)
    {
        services.ConfigureDbContext<SqliteGatewayDb>(WithOneFactory, ServiceLifetime.Singleton);
        services.ConfigureDbContext<PostgresGatewayDb>(WithOneFactory, ServiceLifetime.Singleton);
    }

    /// <summary>
    /// Meters of one name are one in the process, whichever gateway counts: the one whose metrics are read has the name alone.
    /// </summary>
    public static void ReadElsewhere(IServiceCollection services) => services.AddSingleton<IMeterFactory, OtherMeters>();

    private sealed class OtherMeters : IMeterFactory
    {
        private readonly ConcurrentBag<Meter> _made = [];

        public Meter Create(MeterOptions options)
        {
            var meter = new Meter($"{options.Name} beside the one that is read", options.Version);
            _made.Add(meter);
            return meter;
        }

        /// <summary>The process knows all meters that were not disposed of, and through them whoever counts.</summary>
        public void Dispose()
        {
            foreach (var meter in _made)
            {
                meter.Dispose();
            }
        }
    }

    private static void WithOneFactory(DbContextOptionsBuilder options) =>
        options.UseLoggerFactory(NullLoggerFactory.Instance).UseMemoryCache(Compiled);
}
