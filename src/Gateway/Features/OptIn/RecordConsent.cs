using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// What follows from a consent, however it was given: subscription, ledger entry, command for the provider and event, inside the caller's
/// transaction.
/// </summary>
internal sealed class RecordConsent(GatewayDb db, ConsentLedger ledger, ListSyncQueue syncs, Events events, Signal<SyncLists> lists)
{
    /// <param name="subscription">Tracked, as is <paramref name="contact"/>.</param>
    /// <param name="given">The day on which the person agreed, UTC.</param>
    /// <param name="fresh">Whether the person confirmed it here, the only thing that may clear an unsubscribe at the provider.</param>
    /// <param name="isTold">Whether hooks hear of it.</param>
    public async Task RecordAsync(
        Subscription subscription,
        Contact contact,
        ContactList list,
        ConsentEntry entry,
        DateOnly given,
        bool fresh,
        DateTime now,
        CancellationToken ct,
        bool isTold = true
    )
    {
        await VoidOpenAsync(subscription, ct);
        subscription.State = SubscriptionState.Confirmed;
        subscription.ConfirmedAt = now;
        subscription.LeftAt = null;
        subscription.LastSignOn = given;
        subscription.UpdatedAt = now;
        subscription.MailsSent = 0;
        await ledger.AppendAsync(contact.SiteId, entry, ct);
        await syncs.EnqueueAsync(subscription, DesiredState.Subscribed, fresh, ct);
        await db.SaveChangesAsync(ct);
        db.OnCommitted(lists.Wake);
        if (!isTold)
        {
            return;
        }

        var confirmed = events.Of(
            EventTypes.SubscriptionConfirmed,
            contact.SiteId,
            contact.Id,
            new
            {
                contact = ContactResponse.Of(contact),
                list = new { id = PublicId.Format(PublicId.List, list.Id), name = list.Name },
                confirmedAt = now,
            }
        );
        await events.WriteAsync(db, [confirmed], ct);
    }

    /// <summary>
    /// Other requests of the subscription need no answer any more. The ledger has what was agreed; personal data need not rest in two
    /// places.
    /// </summary>
    private async Task VoidOpenAsync(Subscription subscription, CancellationToken ct)
    {
        var requests = db.OptInRequests.Where(one => one.SubscriptionId == subscription.Id);
        await requests
            .Where(one => (one.State == OptInState.Pending || one.State == OptInState.Held))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.State, OptInState.Voided)
                        .SetProperty(one => one.DueAt, (DateTime?)null)
                        .SetProperty(one => one.Visitor, (byte[]?)null),
                ct
            );
        await requests
            .Where(one => one.Evidence != null)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Evidence, (string?)null), ct);
    }
}
