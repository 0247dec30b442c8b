using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail;

/// <summary>Which connections a mail goes over: the way to the server, and the sender at that server.</summary>
internal static class MailConnections
{
    public const string Queue = "mail";

    public const string Transport = "mail";

    /// <summary>A site's own connection; each site finds out by itself.</summary>
    public static string Own(Guid connectionId, Guid siteId) => $"{Queue}/{connectionId:N}/{siteId:N}";

    /// <summary>
    /// Each site finds out about its senders by itself. The address stands as a hash, since names of connections are shown and logged.
    /// </summary>
    public static string Sender(Guid siteId, string transport, string from)
    {
        var address = Encoding.UTF8.GetBytes(EmailAddress.Parse(from)?.Key ?? from);
        return $"{transport}/sender/{siteId:N}/{Convert.ToHexStringLower(SHA256.HashData(address).AsSpan(0, 8))}";
    }

    /// <summary>The settings that mails of a list, or else of a site, need before they can be written.</summary>
    public static string Settings(Message message) => $"{Transport}/settings/{message.ListId ?? message.SiteId:N}";

    /// <summary>The way of a site's bulk mail, which its rates may close (<see cref="Rates.WatchRates"/>).</summary>
    public static string Bulk(Guid siteId) => $"{Transport}/bulk/{siteId:N}";

    /// <summary>What is held after an outcome that holds up others.</summary>
    public static HeldConnection Of(OutgoingMail mail, string transport, MailOutcome.Held held) =>
        held.IsSender
            ? new(Queue, Sender(mail.Site.Id, transport, mail.From), mail.Site.Id, held.Error)
            : new(Queue, transport, SiteOf(mail, transport), held.Error);

    /// <returns>The one site whose own connection it is; null for the installation's, which all use.</returns>
    public static Guid? SiteOf(OutgoingMail mail, string transport) =>
        transport.EndsWith($"/{mail.Site.Id:N}", StringComparison.Ordinal) ? mail.Site.Id : null;
}
