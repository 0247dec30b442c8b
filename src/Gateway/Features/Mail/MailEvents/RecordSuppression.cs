using Gateway.Features.Contacts;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>Why somebody is not written to any more, as a mail server or a provider said.</summary>
/// <param name="Source">Who said so: <c>smtp</c>, a provider's name.</param>
/// <param name="Detail">What was said, without addresses.</param>
/// <param name="MessageId">The mail it was said of; null where it names none.</param>
/// <param name="ListId">The list that mail was about; null for all that the site sends.</param>
internal sealed record SuppressionCause(
    Guid SiteId,
    EmailAddress To,
    SuppressionReason Reason,
    string Source,
    string Detail,
    Guid? MessageId,
    Guid? ListId
)
{
    /// <summary>Whether hooks hear of it. Of what a file tells of many people at once they hear nothing.</summary>
    public bool IsTold { get; init; } = true;
}

/// <summary>Hears, in the transaction that records it, that a contact is not to be written to any more.</summary>
internal interface ISuppressionListener
{
    /// <param name="contact">Held until the transaction ends.</param>
    Task SuppressedAsync(Contact contact, SuppressionCause cause, CancellationToken ct);

    /// <summary>A list's provider says that the person is not on it any more, without having refused anything.</summary>
    /// <param name="contact">Held until the transaction ends.</param>
    /// <param name="source">Who said so, such as <c>brevo</c>.</param>
    Task RemovedAsync(Contact contact, Guid listId, string source, CancellationToken ct);
}

/// <summary>
/// What follows when mail came back for good, somebody complained, or asked for no more: the suppression, the event, and the end of their
/// subscriptions (<see cref="ISuppressionListener"/>). Said again it changes nothing.
/// </summary>
internal sealed partial class RecordSuppression(
    GatewayDb db,
    Suppressions suppressions,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    Events events,
    IEnumerable<ISuppressionListener> listeners,
    ILogger<RecordSuppression> logger
)
{
    /// <summary>Inside the transaction that stores what it follows from.</summary>
    /// <returns>False when it was said before.</returns>
    public async Task<bool> RecordAsync(SuppressionCause cause, CancellationToken ct)
    {
        var known = await contacts.FindAsync(cause.SiteId, cause.To, ct);
        if (cause is { Reason: SuppressionReason.Unsubscribed, ListId: not null } && known is null)
        {
            return false;
        }

        // Whoever leaves one list is not suppressed for what else the site sends: the listener refuses the list for them.
        if (
            cause is not { Reason: SuppressionReason.Unsubscribed, ListId: not null }
            && !await suppressions.AddAsync(cause.SiteId, SuppressionChannel.Email, cause.To.Key, cause.Reason, cause.Source, ct)
        )
        {
            return false;
        }

        var contact = known is null ? null : await contacts.LockAsync(cause.SiteId, known.Id, ct);
        if (cause.IsTold && cause.Reason != SuppressionReason.Unsubscribed)
        {
            await TellAsync(cause, contact, ct);
        }

        if (contact is not null)
        {
            foreach (var listener in listeners)
            {
                await listener.SuppressedAsync(contact, cause, ct);
            }
        }

        db.OnCommitted(() => LogSuppressed(cause.MessageId, cause.Reason, cause.Source));
        return true;
    }

    /// <summary>
    /// Somebody is not on a list any more at its provider. They may be asked again. Inside the transaction that stores what it follows
    /// from.
    /// </summary>
    /// <returns>False when nobody with this address is known at the site.</returns>
    public async Task<bool> RemoveAsync(Guid siteId, EmailAddress address, Guid listId, string source, CancellationToken ct)
    {
        if (await contacts.FindAsync(siteId, address, ct) is not { } known)
        {
            return false;
        }

        var contact = await contacts.LockAsync(siteId, known.Id, ct);
        foreach (var listener in contact is null ? [] : listeners)
        {
            await listener.RemovedAsync(contact!, listId, source, ct);
        }

        return contact is not null;
    }

    private async Task TellAsync(SuppressionCause cause, Contact? contact, CancellationToken ct)
    {
        var messageId = cause.MessageId is { } id ? PublicId.Format(PublicId.Message, id) : null;
        var details = contact is null ? null : await DetailsOfAsync(contact, ct);
        var happened =
            cause.Reason == SuppressionReason.Bounced
                ? events.Of(
                    EventTypes.ContactBounced,
                    cause.SiteId,
                    contact?.Id,
                    new
                    {
                        contact = details,
                        messageId,
                        type = "hard",
                        detail = cause.Detail,
                    }
                )
                : events.Of(
                    EventTypes.ContactComplained,
                    cause.SiteId,
                    contact?.Id,
                    new
                    {
                        contact = details,
                        messageId,
                        detail = cause.Detail,
                    }
                );
        await events.WriteAsync(db, [happened], ct);
    }

    /// <summary>Of somebody who never confirmed anything no event carries the address.</summary>
    private async Task<object> DetailsOfAsync(Contact contact, CancellationToken ct) =>
        (await subscriptions.OfContactAsync(contact.Id, ct)).Exists(one => one.Subscription.ConfirmedAt is not null)
            ? ContactResponse.Of(contact)
            : new { id = PublicId.Format(PublicId.Contact, contact.Id) };

    [LoggerMessage(LogLevel.Information, "The recipient of message {MessageId} is suppressed at its site: {Reason}, says {Source}")]
    private partial void LogSuppressed(Guid? messageId, SuppressionReason reason, string source);
}
