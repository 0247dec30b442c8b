using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Gateway.Infrastructure.Connections;

/// <summary>
/// An answer that came when the other side knew whom it is about may be about that person alone, whatever its words. So one row does not
/// hold a connection: a second one must have met the same, or the one often enough, and none may have passed in between. What is final for
/// the one that meets it needs more of them (<see cref="Alike"/>), since the word of two would lose nothing but could stop everybody.
/// </summary>
internal sealed class Witnesses(TimeProvider clock)
{
    /// <summary>So often one row alone speaks for all: perhaps nothing else goes that way.</summary>
    public const int OwnTimes = 3;

    /// <summary>So many were refused for good in the same way, one after another: it is not about them.</summary>
    public const int Alike = 5;

    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<string, Seen> _last = new();
    private readonly ConcurrentDictionary<string, Refusals> _refused = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _passed = new();

    /// <summary>The connections that something got through in this process, and when that was last, UTC.</summary>
    public IReadOnlyDictionary<string, DateTimeOffset> LastPassed => _passed;

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

    /// <summary>
    /// Counts refusals for good in the same words, one after another. Whoever is refused twice counts once, and so does what is refused in
    /// other words in between: it begins anew.
    /// </summary>
    /// <param name="connection">What may have to be held.</param>
    /// <param name="kind">The words, such as <c>554 5.7.1</c>.</param>
    /// <param name="who">Whom the refused mail was for.</param>
    /// <returns>Whether <see cref="Alike"/> of them say that it concerns all.</returns>
    public bool ConvictAlike(string connection, string kind, string who)
    {
        var now = clock.GetUtcNow();
        var seen = _refused.AddOrUpdate(
            connection,
            _ => new Refusals(kind, [who], now),
            (_, before) =>
                before.Kind != kind || now - before.At > Memory ? new Refusals(kind, [who], now)
                : before.Who.Count >= Alike ? before with { At = now }
                : new Refusals(kind, before.Who.Add(who), now)
        );
        return seen.Who.Count >= Alike;
    }

    /// <summary>Something got through.</summary>
    public void Passed(params IEnumerable<string> connections)
    {
        foreach (var connection in connections)
        {
            _last.TryRemove(connection, out _);
            _refused.TryRemove(connection, out _);
            _passed[connection] = clock.GetUtcNow();
        }
    }

    /// <summary>What got through counts no more, since the connections are others now.</summary>
    public void Forget(Func<string, bool> changed)
    {
        foreach (var connection in _passed.Keys.Where(changed))
        {
            _passed.TryRemove(connection, out _);
        }
    }

    private sealed record Refusals(string Kind, ImmutableHashSet<string> Who, DateTimeOffset At);

    private sealed record Seen(string Who, int Times, bool Others, DateTimeOffset At);
}
