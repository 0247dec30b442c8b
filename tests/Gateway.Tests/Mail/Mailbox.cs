using System.Collections.Concurrent;
using Gateway.Features.Mail;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>What the development mailbox caught, found by the address it was for.</summary>
internal static class Mailbox
{
    private static readonly ConcurrentDictionary<Guid, (string To, byte[] Mime)> Read = new();

    public static async Task<MimeMessage> MailToAsync(this GatewayUnderTest gateway, string address) =>
        Assert.Single(await gateway.MailsToAsync(address, 1));

    public static Task<List<MimeMessage>> MailsToAsync(this GatewayUnderTest gateway, string address, int atLeast) =>
        Eventually.BecomesAsync(
            async () =>
            {
                await gateway.InDatabaseAsync(ReadNewAsync);

                // Filtered first: sorting would copy the whole dictionary, which others fill meanwhile.
                return Read.Where(mail => mail.Value.To == address)
                    .OrderBy(mail => mail.Key)
                    .Select(mail => MimeMessage.Load(new MemoryStream(mail.Value.Mime)))
                    .ToList();
            },
            mails => mails.Count >= atLeast
        );

    /// <summary>Many tests look many times, so each mail is parsed once.</summary>
    private static async Task<int> ReadNewAsync(GatewayDb db)
    {
        var ids = await db.MailboxMessages.Select(row => row.Id).ToListAsync();
        var fresh = ids.Where(id => !Read.ContainsKey(id)).ToList();
        foreach (
            var row in fresh.Count == 0 ? [] : await db.MailboxMessages.AsNoTracking().Where(row => fresh.Contains(row.Id)).ToListAsync()
        )
        {
            using var mail = MimeMessage.Load(new MemoryStream(row.Mime));
            Read[row.Id] = (mail.To.Mailboxes.Single().Address, row.Mime);
        }

        return fresh.Count;
    }

    /// <summary>Waits for the message of a site that is settled one way or the other.</summary>
    public static Task<Message> MessageAsync(this SiteUnderTest site, Func<Message, bool> enough) =>
        Eventually.BecomesAsync(
            () =>
                site.Gateway.InDatabaseAsync(db =>
                    db.Messages.AsNoTracking().OrderBy(row => row.Id).FirstOrDefaultAsync(row => row.SiteId == site.Id)
                ),
            row => row is not null && enough(row)
        )!;
}
