using System.Collections.Concurrent;
using System.ComponentModel;
using Gateway.Features.Connections;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using MimeKit;

namespace Gateway.Features.Mail;

/// <summary>Which ways a site's mails may go: over its own connections, and the installation's transport.</summary>
internal sealed class MailTransports(
    IMailTransport installation,
    IEnumerable<TransportProvider> providers,
    RecentCache cache,
    IServiceScopeFactory scopes,
    IServiceProvider services,
    TimeProvider clock
) : IConnectionListener, IDisposable
{
    private readonly ConcurrentDictionary<Guid, Opened> _opened = new();

    /// <summary>The longest of any way, with all its time-outs.</summary>
    public TimeSpan TimeLimit { get; } = SmtpServers.TimeLimit > installation.TimeLimit ? SmtpServers.TimeLimit : installation.TimeLimit;

    /// <summary>
    /// The ways of a site's mails now, the first to be taken first. A connection that cannot be read is a way that takes none.
    /// </summary>
    public async ValueTask<IReadOnlyList<IMailTransport>> OfAsync(Guid siteId, CancellationToken ct) =>
        (await cache.FindAsync<Route>(siteId, ReadAsync, RecentCache.Seconds, ct))?.Ways ?? [installation];

    /// <summary>Whether a site's mails may go over a connection of its own.</summary>
    public async ValueTask<bool> HasOwnAsync(Guid siteId, CancellationToken ct) =>
        (await OfAsync(siteId, ct)).Any(way => way is SiteTransport);

    /// <summary>Called when the route of a site was changed in this process.</summary>
    public void Forget(Guid siteId) => cache.Forget<Route>(siteId);

    public void Changed(Connection connection)
    {
        if (connection is { Kind: ConnectionKind.Mail, SiteId: { } siteId })
        {
            Forget(siteId);
            Retire(connection.Id);
        }
    }

    public void Dispose()
    {
        foreach (var opened in _opened.Values)
        {
            opened.Close();
        }
    }

    private async ValueTask<Route?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connections = scope.ServiceProvider.GetRequiredService<ConnectionStore>();
        var site = await scope.ServiceProvider.GetRequiredService<SiteStore>().GetAsync(siteId, ct);
        if (MailRoute.Read(site.MailRoute) is { Count: > 0 } named)
        {
            var ways = new List<IMailTransport>();
            foreach (var id in named)
            {
                ways.Add(id is null ? installation : Open(connections, await connections.FindAsync(id, ct), id.Value, siteId));
            }

            return new(ways);
        }

        return await connections.OfSiteAsync(siteId, ConnectionKind.Mail, provider: null, ct) is { } row
            ? new([Open(connections, row, row.Id, siteId)])
            : new([installation]);
    }

    private SiteTransport Open(ConnectionStore connections, Connection? row, Guid id, Guid siteId) =>
        new(
            row is null || row.SiteId != siteId || row.Kind != ConnectionKind.Mail
                ? new ClosedTransport("The site's mail route names a connection that is gone. Give the site another route.")
                : Open(connections, row),
            MailConnections.Own(id, siteId)
        );

    private IMailTransport Open(ConnectionStore connections, Connection row)
    {
        // Other credentials are another transport. Mails on their way keep the one that they have.
        if (_opened.TryGetValue(row.Id, out var known) && known.Settings != row.Settings)
        {
            Retire(row.Id);
        }

        return connections.Open(row).IsRefused(out var why, out var open)
            ? new ClosedTransport(why.Message)
            : _opened
                .GetOrAdd(
                    row.Id,
                    _ => new(row.Settings, new(() => providers.Single(one => one.Key == row.Provider).Open(services, open.Settings)))
                )
                .Transport.Value;
    }

    private void Retire(Guid connectionId)
    {
        if (_opened.TryRemove(connectionId, out var opened))
        {
            _ = CloseAsync(opened);
        }
    }

    /// <summary>Once no mail can be on its way any more.</summary>
    private async Task CloseAsync(Opened opened)
    {
        await Task.Delay(TimeLimit, clock);
        opened.Close();
    }

    /// <summary>What one connection's settings made.</summary>
    private sealed record Opened(string Settings, Lazy<IMailTransport> Transport)
    {
        public void Close()
        {
            if (Transport is { IsValueCreated: true, Value: IDisposable open })
            {
                open.Dispose();
            }
        }
    }

    [ImmutableObject(true)]
    private sealed record Route(IReadOnlyList<IMailTransport> Ways);

    /// <summary>A site's own connection.</summary>
    /// <param name="name">What is held where it does not work.</param>
    private sealed class SiteTransport(IMailTransport transport, string name) : IMailTransport
    {
        public string Provider => transport.Provider;

        public string? Relay => transport.Relay;

        public TimeSpan TimeLimit => transport.TimeLimit;

        public string ConnectionTo(string address) => name;

        public Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct) => transport.SendAsync(message, ct);

        public Task<MailOutcome.Sent?> FindAsync(MimeMessage message, CancellationToken ct) => transport.FindAsync(message, ct);
    }
}
