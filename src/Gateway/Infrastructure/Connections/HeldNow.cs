using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

/// <param name="ProbeAt">When a row may try it, UTC.</param>
/// <param name="Reason">Why it is held.</param>
internal sealed record HeldState(DateTime ProbeAt, string Reason);

/// <summary>
/// Which connections are held, remembered for a moment, since every row asks. A change made in this process is seen at once, one made in
/// another within a second.
/// </summary>
internal sealed class HeldNow(IServiceScopeFactory scopes, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _lock = new();
    private volatile Reading? _last;
    private int _changes;

    /// <summary>What was read last, by connection, however long ago; null after a change.</summary>
    public IReadOnlyDictionary<string, HeldState>? Remembered => _last?.Held;

    /// <returns>By connection.</returns>
    public async ValueTask<IReadOnlyDictionary<string, HeldState>> ReadAsync(CancellationToken ct)
    {
        if (Known() is { } known)
        {
            return known;
        }

        await _one.WaitAsync(ct);
        try
        {
            if (Known() is { } read)
            {
                return read;
            }

            var (at, before) = (clock.GetTimestamp(), Volatile.Read(ref _changes));
            await using var scope = scopes.CreateAsyncScope();
            var held = await scope
                .ServiceProvider.GetRequiredService<GatewayDb>()
                .Outages.AsNoTracking()
                .Where(outage => outage.EndedAt == null)
                .ToDictionaryAsync(outage => outage.Connection, outage => new HeldState(outage.ProbeAt, outage.Reason), ct);
            Remember(new(held, at), before);
            return held;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Something was changed here: the next who asks reads it.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _changes++;
            _last = null;
        }
    }

    public void Dispose() => _one.Dispose();

    private IReadOnlyDictionary<string, HeldState>? Known() =>
        _last is { } last && clock.GetElapsedTime(last.At) < Fresh ? last.Held : null;

    /// <param name="before">The changes there were when it was read: what was changed meanwhile may be missing in it.</param>
    private void Remember(Reading reading, int before)
    {
        lock (_lock)
        {
            if (before == _changes)
            {
                _last = reading;
            }
        }
    }

    private sealed record Reading(IReadOnlyDictionary<string, HeldState> Held, long At);
}
