using System.Collections.Concurrent;
using Gateway.Features.Mail;
using MimeKit;

namespace Gateway.Tests.Hosting;

/// <summary>
/// Stands where the way to mail servers would be: mail to a domain that a test took, and below it, goes to that test's server, all other to
/// the mailbox.
/// </summary>
internal sealed class MailRoutes
{
    private readonly ConcurrentDictionary<string, IMailTransport> _servers = new();

    public void Route(string domain, IMailTransport server) => _servers[domain] = server;

    /// <summary>What still waits for a server that is gone now goes to the mailbox.</summary>
    public void Close(string domain) => _servers.TryRemove(domain, out _);

    public IMailTransport Over(IMailTransport mailbox) => new Routing(_servers, mailbox);

    private sealed class Routing(ConcurrentDictionary<string, IMailTransport> servers, IMailTransport mailbox) : IMailTransport
    {
        public string Provider => mailbox.Provider;

        public TimeSpan TimeLimit => TimeSpan.FromSeconds(90);

        /// <summary>Each test's server is a connection of its own, so that what one holds up the others do not notice.</summary>
        public string ConnectionTo(string address) =>
            DomainOver(address.Split('@')[^1]) is { } domain ? $"{MailConnections.Transport}/{domain}" : MailConnections.Transport;

        public Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct) =>
            (DomainOver(message.To.Mailboxes.Single().Domain) is { } domain ? servers[domain] : mailbox).SendAsync(message, ct);

        /// <returns>The domain that a test took: this one, or one that it is below.</returns>
        private string? DomainOver(string domain) =>
            servers.Keys.FirstOrDefault(one => domain == one || domain.EndsWith($".{one}", StringComparison.Ordinal));
    }
}
