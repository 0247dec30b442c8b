using System.Collections.Concurrent;

namespace Gateway.Features.Mail.Bounces;

/// <summary>
/// Whether a server is believed that says of somebody that they do not exist. One whose directory is broken, or that takes a domain for its
/// own, says it of everybody, and that must not end everybody's subscriptions. So it counts only of one who stands alone: the server took a
/// mail for somebody else before, since this program started with its settings, and refused nobody else in this way since then; and of the
/// same domain it refused nobody else within a day, unless it took a mail for somebody there in between. A server that turns bad is
/// believed once by each process, and at one domain once a day; all others fail as a refused mail does, and nothing more.
/// <para>
/// It holds up nobody, unlike <see cref="Infrastructure.Connections.Witnesses"/>: anybody can type five addresses that do not exist.
/// </para>
/// </summary>
internal sealed class BounceWitnesses(TimeProvider clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);

    /// <summary>Whom each server refused first since it took a mail; <see cref="Nobody"/> when it took one.</summary>
    private readonly ConcurrentDictionary<string, string> _servers = new();
    private readonly ConcurrentDictionary<string, Refusal> _domains = new();

    /// <summary>The server has taken nothing since the start, so everybody it refuses may be one of all.</summary>
    private const string Everybody = "*";

    private const string Nobody = "";

    /// <param name="server">The connection (<see cref="IMailTransport.ConnectionTo"/>).</param>
    /// <param name="addressKey">Whose mail it took.</param>
    public void Took(string server, string addressKey)
    {
        _servers[server] = Nobody;
        _domains.TryRemove(DomainAt(server, addressKey), out _);
    }

    /// <summary>Notes a refusal. The same one again is answered as before.</summary>
    /// <returns>Whether it is about this recipient alone, as far as anybody knows.</returns>
    public bool Believe(string server, string addressKey)
    {
        var now = clock.GetUtcNow();
        foreach (var old in _domains.Where(one => now - one.Value.At > Memory))
        {
            _domains.TryRemove(old);
        }

        var first = _servers.AddOrUpdate(server, Everybody, (_, before) => before == Nobody ? addressKey : before);
        var firstThere = _domains.GetOrAdd(DomainAt(server, addressKey), new Refusal(addressKey, now));
        return first == addressKey && firstThere.Who == addressKey;
    }

    private static string DomainAt(string server, string addressKey) => $"{server}/{addressKey[(addressKey.LastIndexOf('@') + 1)..]}";

    private sealed record Refusal(string Who, DateTimeOffset At);
}
