using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>Stores events, each once however often it comes. Calls of the same moment share one commit.</summary>
internal sealed class MailEventInbox : IAsyncDisposable
{
    private readonly IServiceScopeFactory _scopes;
    private readonly Signal<ApplyMailEvents> _signal;
    private readonly MailMetrics _metrics;
    private readonly GroupCommit<List<MailEvent>, int> _commits;

    public MailEventInbox(IServiceScopeFactory scopes, Signal<ApplyMailEvents> signal, MailMetrics metrics) =>
        (_scopes, _signal, _metrics, _commits) = (scopes, signal, metrics, new(StoreAsync) { MaxInGroup = 64 });

    /// <returns>After the commit is on the disk.</returns>
    public async Task StoreAsync(string provider, List<MailEvent> events, CancellationToken ct)
    {
        if (events.Count > 0)
        {
            await _commits.AddAsync(events).WaitAsync(ct);
            events.ForEach(one => _metrics.Told(provider, one.Type));
        }
    }

    /// <summary>Ends when all that was taken in is stored.</summary>
    public ValueTask DisposeAsync() => _commits.DisposeAsync();

    private async Task<IReadOnlyList<int>> StoreAsync(IReadOnlyList<List<MailEvent>> group)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();

        // In one order, so that two gateways that are told the same do not wait for each other.
        List<MailEvent> rows = [.. group.SelectMany(one => one).OrderBy(row => Convert.ToHexString(row.Key), StringComparer.Ordinal)];
        await db.WriteAsync(
            async () =>
            {
                await db.InsertNewAsync(rows, CancellationToken.None);
                db.OnCommitted(_signal.Wake);
            },
            CancellationToken.None
        );
        return [.. group.Select(one => one.Count)];
    }
}
