using System.Collections.Concurrent;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Mail;

/// <summary>
/// Mails that wait because all ways of their site were held, and now one is not: whichever mail leaves by it lets the others out. While a
/// way stays held every mail takes the next one, so this is done now and then, and not for each.
/// </summary>
internal sealed class MailDetours(Outages outages, TimeProvider clock)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _found = new();

    /// <summary>A mail got through by one of its site's ways.</summary>
    /// <param name="held">What holds the ways before it; none while it is the first.</param>
    public async Task FoundAsync(Guid siteId, IReadOnlyList<string> held)
    {
        var now = clock.GetUtcNow();
        if (held.Count == 0 || (_found.TryGetValue(siteId, out var last) && now - last < Pace))
        {
            return;
        }

        _found[siteId] = now;
        await outages.LetOutAsync(MailConnections.Queue, siteId, held, CancellationToken.None);
    }
}
