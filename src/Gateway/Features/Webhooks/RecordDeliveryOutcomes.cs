using Gateway.Infrastructure.Data;

namespace Gateway.Features.Webhooks;

/// <summary>Says what an outcome means for a delivery, and stores many of them together.</summary>
internal sealed partial class RecordDeliveryOutcomes : IAsyncDisposable
{
    private static readonly string[] OutcomeColumns =
    [
        nameof(Delivery.State),
        nameof(Delivery.Answer),
        nameof(Delivery.Failures),
        nameof(Delivery.DeliveredAt),
        nameof(Delivery.DueAt),
    ];

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<RecordDeliveryOutcomes> _logger;
    private readonly GroupCommit<(Delivery Row, DeliveryOutcome Outcome), bool> _commits;

    public RecordDeliveryOutcomes(IServiceScopeFactory scopes, TimeProvider clock, ILogger<RecordDeliveryOutcomes> logger)
    {
        (_scopes, _clock, _logger) = (scopes, clock, logger);
        _commits = new(WriteAsync);
    }

    /// <summary>A row that another worker has taken since, or whose hook has ended, is left as it is.</summary>
    public Task StoreAsync(Delivery row, DeliveryOutcome outcome)
    {
        Note(row, outcome);
        return _commits.AddAsync((row, outcome));
    }

    /// <summary>Ends when what receivers answered is stored.</summary>
    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private void Note(Delivery row, DeliveryOutcome outcome)
    {
        var now = _clock.GetUtcNow();
        row.Answer = outcome.Answer;
        switch (outcome)
        {
            case DeliveryOutcome.Delivered:
                row.State = DeliveryState.Delivered;
                row.DeliveredAt = now.UtcDateTime;
                row.DueAt = null;
                break;
            case DeliveryOutcome.Gone or DeliveryOutcome.Moot:
                row.State = DeliveryState.Dropped;
                row.DueAt = null;
                break;
            case DeliveryOutcome.Later later:
                row.Failures++;
                row.DueAt = (now + RetrySchedule.After(row.Failures, later.RetryAfter))?.UtcDateTime;
                row.State = row.DueAt is null ? DeliveryState.Failed : DeliveryState.Waiting;
                LogNotDelivered(row);
                break;
        }
    }

    private async Task<IReadOnlyList<bool>> WriteAsync(IReadOnlyList<(Delivery Row, DeliveryOutcome Outcome)> group)
    {
        Delivery[] rows = [.. group.Select(one => one.Row)];
        Guid[] gone = [.. group.Where(one => one.Outcome is DeliveryOutcome.Gone).Select(one => one.Row.HookId).Distinct()];
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var written = await db.WriteAsync(
            async () =>
            {
                var ours = await db.UpdateLeasedAsync(
                    rows,
                    OutcomeColumns,
                    "state = 'waiting' and due_at is not null",
                    CancellationToken.None
                );
                if (gone.Length > 0)
                {
                    await scope.ServiceProvider.GetRequiredService<HookStore>().EndAsync(gone, CancellationToken.None);
                }

                return ours;
            },
            CancellationToken.None
        );
        Array.ForEach(gone, LogGone);
        return [.. rows.Select(row => written.Contains(row.Id))];
    }

    private void LogNotDelivered(Delivery row)
    {
        if (row.State == DeliveryState.Failed)
        {
            LogGivenUp(row.Id, row.Failures, row.Answer);
        }
        else
        {
            LogLater(row.Id, row.Failures, row.Answer);
        }
    }

    [LoggerMessage(LogLevel.Information, "Delivery {DeliveryId} will be tried again, failure {Failures}: {Answer}")]
    private partial void LogLater(Guid deliveryId, int failures, string? answer);

    [LoggerMessage(LogLevel.Warning, "Delivery {DeliveryId} is given up after {Failures} failures: {Answer}")]
    private partial void LogGivenUp(Guid deliveryId, int failures, string? answer);

    [LoggerMessage(LogLevel.Information, "Hook {HookId} ended: its receiver answered that it is gone")]
    private partial void LogGone(Guid hookId);
}
