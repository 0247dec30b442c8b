using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Bounces;

/// <summary>A mail that the server refused for good, since its recipient does not exist.</summary>
internal sealed record Bounce(Message Message, EmailAddress To);

/// <summary>
/// What follows from a bounce: a suppression, the event, and the end of the person's subscriptions (<see cref="IBounceListener"/>). An
/// address that is suppressed for it already has had all of that.
/// </summary>
internal sealed partial class RecordBounce(
    GatewayDb db,
    Suppressions suppressions,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    Events events,
    IEnumerable<IBounceListener> listeners,
    ILogger<RecordBounce> logger
)
{
    /// <summary>Inside the transaction that stores the message's outcome.</summary>
    public async Task RecordAsync(Bounce bounce, CancellationToken ct)
    {
        var (message, to) = bounce;
        if (
            !await suppressions.AddAsync(
                message.SiteId,
                SuppressionChannel.Email,
                to.Key,
                SuppressionReason.Bounced,
                MailOptions.SmtpTransport,
                ct
            )
        )
        {
            return;
        }

        var known = await contacts.FindAsync(message.SiteId, to, ct);
        var contact = known is null ? null : await contacts.LockAsync(message.SiteId, known.Id, ct);
        var happened = events.Of(
            EventTypes.ContactBounced,
            message.SiteId,
            contact?.Id,
            new
            {
                contact = contact is null ? null : await DetailsOfAsync(contact, ct),
                messageId = PublicId.Format(PublicId.Message, message.Id),
                type = "hard",
                detail = message.Answer,
            }
        );
        await events.WriteAsync(db, [happened], ct);
        if (contact is not null)
        {
            foreach (var listener in listeners)
            {
                await listener.BouncedAsync(contact, message.Answer!, ct);
            }
        }

        db.OnCommitted(() => LogBounced(message.Id));
    }

    /// <summary>Of somebody who never confirmed anything no event carries the address.</summary>
    private async Task<object> DetailsOfAsync(Contact contact, CancellationToken ct) =>
        (await subscriptions.OfContactAsync(contact.Id, ct)).Exists(one => one.Subscription.ConfirmedAt is not null)
            ? ContactResponse.Of(contact)
            : new { id = PublicId.Format(PublicId.Contact, contact.Id) };

    [LoggerMessage(LogLevel.Information, "Message {MessageId} came back: its recipient does not exist and is suppressed at its site")]
    private partial void LogBounced(Guid messageId);
}
