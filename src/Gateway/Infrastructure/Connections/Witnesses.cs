using System.Collections.Concurrent;

namespace Gateway.Infrastructure.Connections;

/// <summary>
/// An answer that came when the other side knew whom it is about may be about that person alone, whatever its words. So one row does not
/// hold a connection: a second one must have met the same, or the one often enough, and none may have passed in between.
/// </summary>
internal sealed class Witnesses(TimeProvider clock)
{
    /// <summary>So often one row alone speaks for all: perhaps nothing else goes that way.</summary>
    public const int OwnTimes = 3;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Seen> _last = new();

    /// <param name="connection">What may have to be held.</param>
    /// <param name="who">The row, or whom it is about.</param>
    /// <returns>Whether there is evidence enough to hold the connection.</returns>
    public bool Convict(string connection, string who)
    {
        var now = clock.GetUtcNow();
        var seen = _last.AddOrUpdate(
            connection,
            _ => new Seen(who, 1, false, now),
            (_, before) =>
                now - before.At > Memory ? new Seen(who, 1, false, now)
                : before.Who == who ? before with { Times = before.Times + 1, At = now }
                : before with { Others = true, At = now }
        );
        return seen.Others || seen.Times >= OwnTimes;
    }

    /// <summary>Something got through.</summary>
    public void Passed(params IEnumerable<string> connections)
    {
        foreach (var connection in connections)
        {
            _last.TryRemove(connection, out _);
        }
    }

    private sealed record Seen(string Who, int Times, bool Others, DateTimeOffset At);
}
