using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Telemetry.Health;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Npgsql;

namespace Gateway.Infrastructure.Queue;

internal static class JobsSetup
{
    /// <summary>Registers a worker and the signal that wakes it.</summary>
    /// <param name="loops">How many batches are worked on side by side in a process, so that one reads while another waits for somebody's
    /// answer.</param>
    public static IServiceCollection AddQueueWorker<TWorker>(this IServiceCollection services, string name, int loops = 1)
        where TWorker : class, IQueueWorker =>
        services
            .AddScoped<TWorker>()
            .AddSingleton<Signal<TWorker>>()
            .AddSingleton(new QueueWorkerRegistration(name, typeof(TWorker), loops));

    /// <summary>Hangfire as the clock of the workers. On SQLite it lives in memory, which loses nothing: the rows are the truth.</summary>
    public static IServiceCollection AddGatewayJobs(this IServiceCollection services, IConfiguration configuration, bool worker)
    {
        var connection = configuration.GatewayConnection();
        services.AddSingleton<QueueWorkerSignals>();
        services.AddScoped<QueueWorkerJob>();
        services.AddHangfire(
            (provider, hangfire) =>
            {
                hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
                if (DataSetup.IsPostgres(connection))
                {
                    hangfire.UsePostgreSqlStorage(
                        postgres => postgres.UseConnectionFactory(new Connections(provider.GetRequiredService<NpgsqlDataSource>())),
                        new PostgreSqlStorageOptions
                        {
                            QueuePollInterval = TimeSpan.FromSeconds(2),
                            PrepareSchemaIfNecessary = true,

                            // Locks are rows, held for moments; one that a dead process left would stand for ten minutes.
                            DistributedLockTimeout = TimeSpan.FromSeconds(15),
                        }
                    );
                }
                else
                {
                    hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromMinutes(10) });
                }

                hangfire.UseFilter(new ExpireSoon());
            }
        );

        services.AddRestartedService<QueueWorkerStarter>();
        if (worker)
        {
            // Before the server, so that it ends after it: until then this process has rows.
            services.AddRestartedService<ReturnLeases>();
            services.AddHangfireServer(
                (provider, server) =>
                {
                    // A worker keeps its worker, so each needs one; the rest is for the sweeps that come by.
                    server.WorkerCount = provider.GetServices<QueueWorkerRegistration>().Count() + 4;
                    server.SchedulePollingInterval = TimeSpan.FromSeconds(5);
                    server.ShutdownTimeout = TimeSpan.FromSeconds(10);
                }
            );
        }

        return services;
    }

    /// <summary>Hangfire's tables are reached as the gateway's are, also where the connection string names several servers.</summary>
    private sealed class Connections(NpgsqlDataSource database) : IConnectionFactory
    {
        public NpgsqlConnection GetOrCreateConnection() => database.CreateConnection();
    }

    /// <summary>Finished jobs say nothing that the rows do not: they are kept for minutes, not for a day.</summary>
    private sealed class ExpireSoon : Hangfire.States.IApplyStateFilter
    {
        public void OnStateApplied(Hangfire.States.ApplyStateContext context, Hangfire.Storage.IWriteOnlyTransaction transaction) =>
            context.JobExpirationTimeout = TimeSpan.FromMinutes(5);

        public void OnStateUnapplied(Hangfire.States.ApplyStateContext context, Hangfire.Storage.IWriteOnlyTransaction transaction) =>
            context.JobExpirationTimeout = TimeSpan.FromMinutes(5);
    }
}
