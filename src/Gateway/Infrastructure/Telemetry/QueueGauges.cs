using System.Data.Common;
using System.Diagnostics.Metrics;
using Gateway.Infrastructure.Queue;

namespace Gateway.Infrastructure.Telemetry;

/// <summary>
/// Shows the last reading of the queues as gauges. It is taken beside the scrapes, which therefore never wait for a database; when it grows
/// old because
/// the database is away, the gauges vanish rather than tell what was.
/// </summary>
internal sealed partial class QueueGauges : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<QueueGauges> _logger;
    private Sample? _last;

    public QueueGauges(
        IMeterFactory meters,
        IEnumerable<SampledGauge> gauges,
        IServiceScopeFactory scopes,
        TimeProvider clock,
        ILogger<QueueGauges> logger
    )
    {
        (_scopes, _clock, _logger) = (scopes, clock, logger);
        var meter = meters.Create(GatewayMeter.Name);
        meter.CreateObservableGauge(
            "gateway.queue.waiting",
            () => Each(queue => queue.Waiting),
            description: $"Rows that wait or are being worked on, counted up to {QueueDepth.MaxCounted}."
        );
        meter.CreateObservableGauge(
            "gateway.queue.oldest_due",
            () => Each(queue => (int)queue.OldestDue.TotalSeconds),
            "s",
            "For how long the oldest due row has been due."
        );
        meter.CreateObservableGauge(
            "gateway.queue.failed",
            () => Each(queue => queue.Failed),
            description: "Rows that failed and wait until somebody replays them."
        );
        meter.CreateObservableGauge(
            "gateway.table.rows",
            () => EachTable(table => table.Rows),
            description: "Rows of each table, estimated by the database without counting."
        );
        meter.CreateObservableGauge("gateway.table.size", () => EachTable(table => table.Bytes), "By", "Each table with its indexes.");
        meter.CreateObservableGauge(
            "gateway.database.size",
            () => Recent is { } reading ? [new Measurement<long>(reading.Bytes)] : Array.Empty<Measurement<long>>(),
            "By",
            "The whole database."
        );
        foreach (var gauge in gauges)
        {
            meter.CreateObservableGauge(
                gauge.Name,
                () => Recent is { } reading ? [new Measurement<int>(reading.Gauges[gauge.Name])] : Array.Empty<Measurement<int>>(),
                description: gauge.Description
            );
        }
    }

    private QueueReading? Recent => _last is { } last && _clock.GetElapsedTime(last.At) < 4 * Period ? last.Reading : null;

    /// <summary>Reads the queues now.</summary>
    public async Task SampleAsync(CancellationToken ct)
    {
        await using var scope = _scopes.CreateAsyncScope();
        _last = new(await scope.ServiceProvider.GetRequiredService<QueueDepths>().ReadAsync(ct), _clock.GetTimestamp());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var pace = new PeriodicTimer(Period, _clock);
        do
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            limit.CancelAfter(Limit);
            try
            {
                await SampleAsync(limit.Token);
            }
            catch (Exception lost)
                when (lost is DbException or TimeoutException or OperationCanceledException && !stoppingToken.IsCancellationRequested)
            {
                LogNoReading(lost);
            }
        } while (await pace.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<int>> Each(Func<QueueDepth, int?> number) =>
        from queue in Recent?.Queues ?? []
        where number(queue) is not null
        select new Measurement<int>(number(queue)!.Value, new KeyValuePair<string, object?>("queue", queue.Queue));

    private IEnumerable<Measurement<long>> EachTable(Func<TableSize, long?> number) =>
        from table in Recent?.Tables ?? []
        where number(table) is not null
        select new Measurement<long>(number(table)!.Value, new KeyValuePair<string, object?>("table", table.Table));

    [LoggerMessage(LogLevel.Warning, "The queues could not be counted; their gauges are missing until they can")]
    private partial void LogNoReading(Exception exception);

    private sealed record Sample(QueueReading Reading, long At);
}
