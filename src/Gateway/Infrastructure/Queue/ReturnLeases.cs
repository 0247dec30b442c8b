using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>
/// Gives back what processes held when they ended, within seconds instead of at the end of the lease. On SQLite nobody but this process
/// can hold anything, so it does that once, at the start. On PostgreSQL each process says every two seconds that it lives, and one that has
/// not for six is taken for dead. It may only have slept: its rows are somebody else's then, and what it makes of them is not stored, as
/// after a lease that ran out.
/// </summary>
/// <remarks>What comes back are suspects (<see cref="Leases"/>): each is tried alone.</remarks>
internal sealed partial class ReturnLeases(
    IServiceScopeFactory scopes,
    ThisProcess process,
    IEnumerable<QueueWorkerRegistration> registrations,
    QueueWorkerSignals signals,
    InFlight inFlight,
    TimeProvider clock,
    ILogger<ReturnLeases> logger
) : BackgroundService
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>In seconds.</summary>
    private const int DeadAfter = 6;

    /// <summary>
    /// Whoever was away from the database for a while was not the only one: the others get so long to say that they live.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private DateTimeOffset _seen = clock.GetUtcNow();
    private DateTimeOffset _judges = clock.GetUtcNow() + inFlight.Settling;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await InDatabaseAsync((db, _) => LeaveAsync(db, cancellationToken), cancellationToken);
        }
        catch (Exception lost)
        {
            LogNotLeft(lost);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (await InDatabaseAsync((db, _) => Task.FromResult(db.Database.IsSqlite()), stoppingToken))
        {
            // Nothing that comes back is tried earlier.
            await Task.Delay(inFlight.Settling, clock, stoppingToken);
            await LookAsync(stoppingToken);
            return;
        }

        using var timer = new PeriodicTimer(Pace, clock);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception lost) when (lost is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogAway(lost);
            }
        } while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Says that this process lives, and gives back what those held that do not.</summary>
    /// <returns>How many rows came back, by queue.</returns>
    public async Task<IReadOnlyDictionary<string, int>> LookAsync(CancellationToken ct)
    {
        var returned = await InDatabaseAsync(
            async (db, queues) =>
            {
                if (db.Database.IsSqlite())
                {
                    return await ReturnAsync(queues, ofProcesses: null, ct);
                }

                await process.LiveAsync(db, ct);
                return MayJudge() && await BuryAsync(db, ct) is { Count: > 0 } dead ? await ReturnAsync(queues, dead, ct) : [];
            },
            ct
        );
        foreach (var (queue, count) in returned)
        {
            LogReturned(queue, count);
            inFlight.LookAgain(queue);
            signals.Of(registrations.Single(one => one.Name == queue).Type).Set();
        }

        return returned;
    }

    private bool MayJudge()
    {
        var now = clock.GetUtcNow();
        if (now - _seen > 2 * Pace)
        {
            _judges = now + Grace;
        }

        _seen = now;
        return now >= _judges;
    }

    private Task<int> LeaveAsync(GatewayDb db, CancellationToken ct) =>
        db.WorkerProcesses.Where(one => one.Id == process.Id).ExecuteDeleteAsync(ct);

    /// <summary>Of those who look at the same moment one gets the dead process, and gives back all that it held.</summary>
    private static Task<List<Guid>> BuryAsync(GatewayDb db, CancellationToken ct) =>
        db
            .Database.SqlQuery<Guid>(
                $"""
                with dead as materialized
                    (select id from worker_processes where seen_at < clock_timestamp() - make_interval(secs => {DeadAfter})
                     for update skip locked)
                delete from worker_processes where id in (select id from dead)
                returning id as "Value"
                """
            )
            .ToListAsync(ct);

    private async Task<Dictionary<string, int>> ReturnAsync(
        IEnumerable<IQueueTable> queues,
        List<Guid>? ofProcesses,
        CancellationToken ct
    )
    {
        var returned = new Dictionary<string, int>();
        foreach (var queue in queues)
        {
            if (await queue.ReturnLeasesAsync(ofProcesses, process.Id, ct) is > 0 and var count)
            {
                returned[queue.Queue] = count;
            }
        }

        return returned;
    }

    private async Task<T> InDatabaseAsync<T>(Func<GatewayDb, IEnumerable<IQueueTable>, Task<T>> work, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        return await db.WriteAsync(() => work(db, scope.ServiceProvider.GetServices<IQueueTable>()), ct);
    }

    [LoggerMessage(LogLevel.Warning, "A process ended while it held {Count} rows of the queue {Queue}; each of them is tried again")]
    private partial void LogReturned(string queue, int count);

    [LoggerMessage(LogLevel.Warning, "Processes that ended could not be looked for; it is tried again in a moment")]
    private partial void LogAway(Exception exception);

    [LoggerMessage(LogLevel.Information, "It could not be written down that this process ends in order")]
    private partial void LogNotLeft(Exception exception);
}
