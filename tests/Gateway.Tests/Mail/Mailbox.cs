using Gateway.Features.Mail;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Gateway.Tests.Mail;

/// <summary>What the development mailbox caught, found by the address it was for.</summary>
internal static class Mailbox
{
    public static async Task<MimeMessage> MailToAsync(this GatewayUnderTest gateway, string address) =>
        Assert.Single(await gateway.MailsToAsync(address, 1));

    public static Task<List<MimeMessage>> MailsToAsync(this GatewayUnderTest gateway, string address, int atLeast) => Eventually.BecomesAsync(
        () => gateway.InDatabaseAsync(async db =>
        {
            var mails = (await db.MailboxMessages.AsNoTracking().OrderBy(row => row.Id).ToListAsync()).Select(row => MimeMessage.Load(new MemoryStream(row.Mime)));
            return mails.Where(mail => mail.To.Mailboxes.Any(to => to.Address == address)).ToList();
        }),
        mails => mails.Count >= atLeast);

    /// <summary>Waits for the message of a site that is settled one way or the other.</summary>
    public static Task<Message> MessageAsync(this SiteUnderTest site, Func<Message, bool> enough) => Eventually.BecomesAsync(
        () => site.Gateway.InDatabaseAsync(db => db.Messages.AsNoTracking().OrderBy(row => row.Id).FirstOrDefaultAsync(row => row.SiteId == site.Id)),
        row => row is not null && enough(row))!;
}
