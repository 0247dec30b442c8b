using Gateway.Features.Contacts;
using Gateway.Features.Mail.MailEvents;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <summary>Somebody who runs a site says that an address is written to no more, and how they know.</summary>
internal sealed class SuppressAddress(
    GatewayDb db,
    ContactStore contacts,
    UnsubscribeFromLists unsubscribe,
    Suppressions suppressions,
    RecordSuppression record,
    AuditLog audit
)
{
    private const string Source = "operator";

    /// <param name="why">As <see cref="LiftRefusal.ErrorOf"/> lets it pass; it is kept in the audit.</param>
    /// <param name="actor">As the audit names them.</param>
    public Task AddAsync(Guid siteId, EmailAddress address, SuppressionReason reason, string why, string actor, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var contact = await contacts.FindAsync(siteId, address, ct);
                if (reason != SuppressionReason.Unsubscribed)
                {
                    await record.RecordAsync(new(siteId, address, reason, Source, why, MessageId: null, ListId: null), ct);
                }
                else if (contact is not null)
                {
                    await unsubscribe.UnsubscribeFromAllAsync(siteId, contact.Id, Source, Source, ct);
                }
                else
                {
                    await suppressions.AddAsync(siteId, SuppressionChannel.Email, address.Key, reason, Source, ct);
                }

                // Of somebody of whom nothing else is kept, the hash that stays.
                var subject = contact is null ? suppressions.NameOf(address.Key) : PublicId.Format(PublicId.Contact, contact.Id);
                await audit.RecordAsync(siteId, actor, "suppression.added", subject, ct, why);
            },
            ct
        );
}
