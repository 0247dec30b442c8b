using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Mail.Bounces;

/// <summary>
/// Whether a server is believed that says of somebody that they do not exist. One whose directory is broken, or that takes a domain for
/// its own, says it of everybody, and that must not end everybody's subscriptions. So it is believed of few in a row: from the fifth on
/// (<see cref="Witnesses.Alike"/>) whom it refused in this way since it last took a mail, or since it last took one for somebody at the
/// same domain, nobody is suppressed. These mails fail, and nothing more.
/// <para>
/// It holds up nobody, unlike <see cref="Witnesses"/>: anybody can type five addresses that do not exist.
/// </para>
/// </summary>
internal sealed class BounceWitnesses(TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Streak> _streaks = [];

    /// <summary>No server has said so lately: then it means nothing that one takes a mail.</summary>
    public bool HaveNothing
    {
        get
        {
            lock (_lock)
            {
                return _streaks.Count == 0;
            }
        }
    }

    /// <param name="server">The connection (<see cref="IMailTransport.ConnectionTo"/>).</param>
    /// <param name="addressKey">Whose mail it took.</param>
    public void Took(string server, string addressKey)
    {
        lock (_lock)
        {
            _streaks.Remove(server);
            _streaks.Remove(DomainAt(server, addressKey));
        }
    }

    /// <summary>Notes a refusal. The same one again is answered as before.</summary>
    /// <returns>Whether it is about this recipient, as far as anybody knows.</returns>
    public bool Believe(string server, string addressKey)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            foreach (var (name, _) in _streaks.Where(one => now - one.Value.Began > Memory).ToList())
            {
                _streaks.Remove(name);
            }

            return IsOneOfFew(server, addressKey, now) & IsOneOfFew(DomainAt(server, addressKey), addressKey, now);
        }
    }

    private bool IsOneOfFew(string name, string addressKey, DateTimeOffset now)
    {
        var streak = _streaks.TryGetValue(name, out var known) ? known : _streaks[name] = new(now);
        if (streak.Few.Count < Witnesses.Alike - 1 && !streak.Few.Contains(addressKey))
        {
            streak.Few.Add(addressKey);
        }

        return streak.Few.Contains(addressKey);
    }

    private static string DomainAt(string server, string addressKey) => $"{server}/{addressKey[(addressKey.LastIndexOf('@') + 1)..]}";

    /// <summary>Refusals without a mail that was taken in between, from the first on.</summary>
    private sealed record Streak(DateTimeOffset Began)
    {
        public List<string> Few { get; } = [];
    }
}
