using System.Collections.Concurrent;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Connections;

/// <summary>
/// Notes with connections that something got through: who looks at one that nobody tried, such as one that a command stored, sees that it
/// works, also in another process and after a start.
/// </summary>
internal sealed partial class UsedConnections(
    IServiceScopeFactory scopes,
    Witnesses witnesses,
    CheckPace pace,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<UsedConnections> logger
) : BackgroundService, IConnectionListener
{
    private readonly ConcurrentDictionary<Guid, bool> _noted = new();

    /// <summary>Notes those that were used since it last did.</summary>
    public async Task NoteAsync(CancellationToken ct)
    {
        List<Guid> fresh =
        [
            .. witnesses.LastPassed.Keys.Select(Connection.IdIn).OfType<Guid>().Distinct().Where(id => !_noted.ContainsKey(id)),
        ];
        if (fresh.Count > 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ConnectionStore>().UsedAsync(fresh, ct);
            fresh.ForEach(id => _noted[id] = true);
        }
    }

    /// <summary>What got through with other credentials says nothing about these.</summary>
    public void Changed(Connection connection)
    {
        witnesses.Forget(name => Connection.IdIn(name) == connection.Id);
        _noted.TryRemove(connection.Id, out _);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (gateway.Value.IsWorker)
        {
            await Task.Delay(pace.Pause, clock, stoppingToken);
            try
            {
                await NoteAsync(stoppingToken);
            }
            catch (Exception lost) when (lost is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogNotNoted(lost);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "That connections were used could not be noted; it is tried again")]
    private partial void LogNotNoted(Exception exception);
}
