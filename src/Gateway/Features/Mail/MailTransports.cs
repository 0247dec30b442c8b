using System.Collections.Concurrent;
using System.ComponentModel;
using Gateway.Features.Connections;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Features.Mail;

/// <summary>Which way a site's mails go: over its own connection, or the installation's transport.</summary>
internal sealed class MailTransports(
    IMailTransport installation,
    RecentCache cache,
    IServiceScopeFactory scopes,
    GuardedConnections guarded,
    IOptions<HooksOptions> hooks,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<SmtpConnections> logger
) : IConnectionListener, IDisposable
{
    /// <summary>What a server that somebody typed may be asked on: submission, with TLS, and between servers.</summary>
    private static readonly int[] Ports = [25, 465, 587, 2525];

    private readonly ConcurrentDictionary<Guid, Pool> _pools = new();

    /// <summary>The longest of any way, with all its time-outs.</summary>
    public TimeSpan TimeLimit { get; } =
        new SmtpOptions().TimeLimit is var own && own > installation.TimeLimit ? own : installation.TimeLimit;

    /// <summary>The way of a site's mails now. One whose connection cannot be read has a way that takes none.</summary>
    public async ValueTask<IMailTransport> OfAsync(Guid siteId, CancellationToken ct) =>
        (await cache.FindAsync<Way>(siteId, ReadAsync, RecentCache.Seconds, ct))?.Transport ?? installation;

    public void Changed(Connection connection)
    {
        if (connection is { Kind: ConnectionKind.Mail, SiteId: { } siteId })
        {
            cache.Forget<Way>(siteId);
            Retire(connection.Id);
        }
    }

    /// <returns>What is wrong with a server that somebody typed, as a sentence; null when it may be asked.</returns>
    public string? ErrorOf(SmtpOptions server) =>
        AllowPrivate || Ports.Contains(server.Port) ? null : $"Port must be one of {string.Join(", ", Ports)}.";

    /// <summary>Connections to a server that somebody typed: only where it may lead, and not for long.</summary>
    public SmtpConnections Connect(SmtpOptions server)
    {
        // A batch ends with its slowest mail: the server of one site must not make the others wait for minutes.
        (server.TimeoutSeconds, server.AnswerSeconds, server.Connections) = (10, 60, 2);
        var reach = new SmtpReach((host, port, ct) => guarded.DialAsync(host, port, AllowPrivate, ct), IsTrusted: false);
        return new(server, reach, gateway, clock, logger);
    }

    public void Dispose()
    {
        foreach (var pool in _pools.Values.Where(pool => pool.Connections.IsValueCreated))
        {
            pool.Connections.Value.Dispose();
        }
    }

    private bool AllowPrivate => hooks.Value.AllowPrivateTargets == true;

    private async ValueTask<Way?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var connections = scope.ServiceProvider.GetRequiredService<ConnectionStore>();
        if (await connections.OfSiteAsync(siteId, ConnectionKind.Mail, provider: null, ct) is not { } row)
        {
            return new Way(installation);
        }

        var key = $"{MailConnections.Queue}/{row.Id:N}/{siteId:N}";
        if (connections.Open(row).IsRefused(out var why, out var open))
        {
            return new Way(new ClosedTransport(key, why.Message));
        }

        var server = (SmtpOptions)open.Settings;
        if (ErrorOf(server) is { } error)
        {
            return new Way(new ClosedTransport(key, error));
        }

        // Other credentials are another pool. Mails on their way keep the connection that they have.
        if (_pools.TryGetValue(row.Id, out var known) && known.Settings != row.Settings)
        {
            Retire(row.Id);
        }

        var pool = _pools.GetOrAdd(row.Id, _ => new(row.Settings, new(() => Connect(server))));
        return new Way(new ConnectionTransport(new SmtpTransport(pool.Connections.Value), key));
    }

    private void Retire(Guid connectionId)
    {
        if (_pools.TryRemove(connectionId, out var pool) && pool.Connections.IsValueCreated)
        {
            _ = CloseAsync(pool.Connections.Value);
        }
    }

    /// <summary>Once no mail can be on its way any more.</summary>
    private async Task CloseAsync(SmtpConnections connections)
    {
        await Task.Delay(TimeLimit, clock);
        connections.Dispose();
    }

    /// <summary>The connections that one connection's settings made.</summary>
    private sealed record Pool(string Settings, Lazy<SmtpConnections> Connections);

    [ImmutableObject(true)]
    private sealed record Way(IMailTransport Transport);

    /// <summary>A site's own server.</summary>
    private sealed class ConnectionTransport(SmtpTransport smtp, string key) : IMailTransport
    {
        public TimeSpan TimeLimit => smtp.TimeLimit;

        public string ConnectionTo(string address) => key;

        public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct) =>
            await smtp.SendAsync(message, ct) switch
            {
                MailOutcome.Held held => held with { Error = held.Error with { Reason = SmtpOptions.WithoutPrefix(held.Error.Reason) } },
                var outcome => outcome,
            };
    }

    /// <summary>A connection that cannot be used until somebody changes it.</summary>
    private sealed class ClosedTransport(string key, string reason) : IMailTransport
    {
        public TimeSpan TimeLimit => TimeSpan.FromSeconds(1);

        public string ConnectionTo(string address) => key;

        public Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct) =>
            Task.FromResult<MailOutcome>(
                new MailOutcome.Held(new(Infrastructure.Connections.Concern.Account, "connection_unusable", reason))
            );
    }
}
