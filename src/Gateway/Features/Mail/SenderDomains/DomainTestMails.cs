using System.Text.Json.Nodes;
using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Features.Sites;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// Mails that the gateway sends to itself, over the way of every mail of a site, to see who signs them and where they come back to. They go
/// to the return path, whose mails the gateway reads (<see cref="TakeInReports"/>).
/// </summary>
internal sealed class DomainTestMails(
    GatewayDb db,
    MailSenders senders,
    ReturnPath returnPath,
    SecretEncryption secrets,
    IOptions<MailOptions> options,
    Signal<SendMessages> mail,
    TimeProvider clock
)
{
    /// <summary>Whoever presses twice wants one mail.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    /// <summary>Providers change their keys: what was seen longer ago is no longer believed.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromDays(90);

    /// <summary>A mail that takes longer is taken for lost.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(2);

    /// <summary>Whether mails that come back reach this gateway at all.</summary>
    public bool IsPossible =>
        options.Value is { ReturnPath.Length: > 0 } mail && (mail.BounceMailbox.IsConfigured || mail.BounceListener.IsConfigured);

    public Task<DomainTestMail?> FindAsync(string domain, CancellationToken ct) =>
        db.DomainTestMails.AsNoTracking().SingleOrDefaultAsync(test => test.Domain == domain, ct);

    /// <summary>Sends one.</summary>
    /// <param name="domain">One that the site sends from, in ASCII and lower case.</param>
    public async Task<Result<Message>> SendAsync(Site site, string domain, CancellationToken ct)
    {
        if (!IsPossible)
        {
            return new Refusal(
                RefusalKind.Conflict,
                "no_return_path",
                "A test mail goes to this gateway, and no mail reaches it: set Mail__ReturnPath, and Mail__BounceMailbox__Host or "
                    + "Mail__BounceListener__Port."
            );
        }

        if ((await senders.OfAsync(site, ct)).FirstOrDefault(sender => DomainOf(sender.Id) == domain) is not { } sender)
        {
            return new Refusal(RefusalKind.Missing, "not_found", "The site does not send from this domain.");
        }

        var now = IsoTime.WholeMilliseconds(clock.GetUtcNow().UtcDateTime);
        var id = Guid.CreateVersion7(now);
        var row = new Message
        {
            Id = id,
            SiteId = site.Id,
            Key = $"domain:{id:N}",
            Template = BuiltInMails.Plain,
            Language = "en",
            Address = EmailAddress.Parse(returnPath.Of(id)!.Address)!.Key,
            Sender = sender.Id,
            Variables = MessageVariables.Protect(Text(domain), secrets),
            MessageId = id.ToString("N"),
            CreatedAt = now,
            DueAt = now,
        };
        var test = new DomainTestMail
        {
            Id = id,
            Domain = domain,
            MessageId = id,
            SentAt = now,
        };
        return await db.WriteAsync<Result<Message>>(
            async () =>
            {
                var last = now - Apart;
                if (
                    await db.InsertNewAsync([test], ct) == 0
                    && await db
                        .DomainTestMails.Where(one => one.Domain == domain && one.SentAt <= last)
                        .ExecuteUpdateAsync(set => set.SetProperty(one => one.MessageId, id).SetProperty(one => one.SentAt, now), ct) == 0
                )
                {
                    return new Refusal(RefusalKind.TooMany, "rate_limited", "A test mail of this domain left within the last minute.");
                }

                await db.InsertNewAsync([row], ct);
                db.OnCommitted(mail.Wake);
                return row;
            },
            ct
        );
    }

    /// <summary>A mail came in at the return path of a message.</summary>
    /// <param name="sender">Where it would come back to, if the server that handed it over said so.</param>
    /// <returns>Whether it is one that <see cref="SendAsync"/> sent, and not seen before.</returns>
    public async Task<bool> ArrivedAsync(Guid messageId, MimeMessage arrived, string? sender, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var oldest = now - Patience;
        if (
            await db.DomainTestMails.AsNoTracking().FirstOrDefaultAsync(one => one.MessageId == messageId && one.SentAt > oldest, ct)
                is not { } test
            || arrived.From.Mailboxes.All(from => DomainOf(from.Address) != test.Domain)
        )
        {
            return false;
        }

        var headers = MailHeaders.Of(arrived.Headers, test.Domain);
        headers = DomainOf(sender) is { } comesBackTo ? headers with { ReturnPath = comesBackTo } : headers;
        return await db.WriteAsync(
                () =>
                    db
                        .DomainTestMails.Where(one => one.Id == test.Id && one.MessageId == messageId)
                        .Where(one => one.ArrivedAt == null || one.ArrivedAt < one.SentAt)
                        .ExecuteUpdateAsync(
                            set =>
                                set.SetProperty(one => one.ArrivedAt, now)
                                    .SetProperty(one => one.Selector, headers.Selector)
                                    .SetProperty(one => one.SigningDomain, headers.SigningDomain)
                                    .SetProperty(one => one.ReturnPath, headers.ReturnPath),
                            ct
                        ),
                ct
            ) > 0;
    }

    /// <returns>What the last one that came in showed; null when there is none that still counts.</returns>
    public async Task<MailHeaders?> SeenAsync(string domain, CancellationToken ct) =>
        await FindAsync(domain, ct) is { ArrivedAt: { } at } test && clock.GetUtcNow().UtcDateTime - at < Believed
            ? new(test.Selector, test.SigningDomain, test.ReturnPath)
            : null;

    private static string? DomainOf(string? address) => EmailAddress.Parse(address)?.Key.Split('@')[^1];

    private static JsonObject Text(string domain) =>
        new()
        {
            [MailTemplate.Subject] = $"Test mail of {domain}",
            [MailTemplate.Body] =
                "Gateway sent this mail to itself, to see who signs the mails of this domain and where they come back to. Nobody needs to "
                + "do anything.",
        };
}
