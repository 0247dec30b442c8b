using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>
/// Reads what transactional mails are written from, and says which may not be sent, and why. They also go to people who left every list: an order
/// is confirmed to whoever made it. Nothing goes where mail came back or was complained about.
/// </summary>
internal sealed class ReadTransactionalLetters(GatewayDb db, Suppressions suppressions, Secrets secrets, IOptions<MailOptions> options)
{
    private static readonly MessageSecrets NoLinks = new();
    private static readonly Obstacle Gone = new("It is not needed any more: the site is gone.", IsMoot: true);
    private static readonly Obstacle Unreadable = new("Its content cannot be decrypted with this master key.");

    public async Task<List<(Message Message, Letter? Letter, Obstacle? Obstacle)>> ReadAsync(List<Message> messages, CancellationToken ct)
    {
        if (messages.Count == 0)
        {
            return [];
        }

        var siteIds = messages.Select(message => message.SiteId).Distinct().ToList();
        var sites = await db.Sites.AsNoTracking().Where(row => siteIds.Contains(row.Id)).ToDictionaryAsync(row => row.Id, ct);
        var suppressed = await suppressions.FindAsync(SuppressionChannel.Email, [.. messages.Select(message => (message.SiteId, message.Address!))], ct);
        return [.. messages.Select(message => (message, LetterOf(message, sites, suppressed, out var obstacle), obstacle))];
    }

    private Letter? LetterOf(
        Message message, Dictionary<Guid, Site> sites, Dictionary<(Guid SiteId, string AddressKey), SuppressionReason> suppressed, out Obstacle? obstacle)
    {
        Letter? letter = null;
        obstacle = suppressed.TryGetValue((message.SiteId, message.Address!), out var reason) ? ObstacleOf(reason) : null;
        obstacle ??= sites.TryGetValue(message.SiteId, out var site) ? Write(message, site, out letter) : Gone;
        return letter;
    }

    private static Obstacle? ObstacleOf(SuppressionReason reason) => reason switch
    {
        SuppressionReason.Bounced => Obstacle.Bounced,
        SuppressionReason.Complained => Obstacle.Complained,
        _ => null,
    };

    private Obstacle? Write(Message message, Site site, out Letter? letter)
    {
        letter = null;
        if (EmailAddress.Parse(MailSenders.First(message.Sender, site.FromEmail, options.Value.From)) is not { } from)
        {
            return Obstacle.NoSender;
        }

        if (!BuiltInMails.Knows(message.Template))
        {
            return new($"There is no template \"{message.Template}\".");
        }

        if (MessageVariables.Open(message.Variables, secrets) is not { } variables)
        {
            return Unreadable;
        }

        letter = new(message, message.Address!, from.Text, null, site, NoLinks, variables);
        return null;
    }
}
