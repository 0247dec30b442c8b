using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Why a person was taken off a list without being asked by them, as the ledger keeps it.</summary>
/// <param name="DecidedBy">As the audit names them.</param>
/// <param name="Reason">A sentence without personal data.</param>
internal sealed record RemovalCause(string DecidedBy, string Reason);

/// <summary>
/// What follows when a subscription ends, whoever ended it: open requests, ledger entry, command for the provider and event, inside the
/// caller's transaction.
/// </summary>
internal sealed class EndSubscription(
    GatewayDb db,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    ConsentLedger ledger,
    ListSyncQueue syncs,
    Events events,
    Signal<SyncLists> lists,
    TimeProvider clock
)
{
    /// <summary>Who takes people off lists without being asked by them, as the ledger and events name it.</summary>
    public const string BySite = "site";

    private const string ByBounce = "bounce";
    private const string ByComplaint = "complaint";

    private static readonly SubscriptionState[] Open = [SubscriptionState.Pending, SubscriptionState.Confirmed];

    /// <summary>The person leaves: only a fresh confirmation of their own brings them back.</summary>
    /// <param name="by">How, such as <c>one-click</c>.</param>
    /// <param name="isTold">Whether hooks hear of it.</param>
    public async Task UnsubscribeAsync(
        Guid contactId,
        IReadOnlyCollection<Guid> listIds,
        string by,
        CancellationToken ct,
        bool isTold = true
    )
    {
        foreach (var subscription in await OnAsync(contactId, listIds, ct))
        {
            // Whoever was taken off by the site, or let a request run out, may still refuse for themselves.
            var before = await EndAsync(
                subscription,
                [.. Open, SubscriptionState.Removed, SubscriptionState.Expired],
                SubscriptionState.Unsubscribed,
                new(ConsentKind.Unsubscribed, by, IsTold: isTold),
                ct
            );
            if (before is not null || await subscriptions.LeaveCancelledAsync(subscription.Subscription.Id, ct))
            {
                await suppressions.RefuseAsync(
                    subscription.Contact.SiteId,
                    subscription.List.Id,
                    subscription.Contact.AddressKey,
                    SuppressionReason.Unsubscribed,
                    by,
                    ct
                );
            }

            if (before is not (null or SubscriptionState.Pending))
            {
                await syncs.EnqueueAsync(subscription.Subscription, DesiredState.Unsubscribed, fresh: false, ct);
            }
        }

        await db.SaveChangesAsync(ct);
        db.OnCommitted(lists.Wake);
    }

    /// <summary>
    /// The site takes the person off a list: they refused nothing by that, here or at the provider. Who had left before, and was asked
    /// again since, has left.
    /// </summary>
    /// <param name="by">Who did it: the site, or the list's provider, such as <c>brevo</c>.</param>
    /// <param name="because">Who of the site decided it, and why; null where its program told it.</param>
    /// <param name="isTold">Whether hooks hear of it.</param>
    public async Task RemoveAsync(
        Guid contactId,
        Guid listId,
        CancellationToken ct,
        string by = BySite,
        RemovalCause? because = null,
        bool isTold = true
    )
    {
        // Whoever waits for a confirmation is not at the provider yet.
        SubscriptionState[] from = by == BySite ? Open : [SubscriptionState.Confirmed];
        foreach (var subscription in await OnAsync(contactId, [listId], ct))
        {
            var to = subscription.Subscription.LeftAt is null ? SubscriptionState.Removed : SubscriptionState.Unsubscribed;
            if (await EndAsync(subscription, from, to, new(ConsentKind.Removed, by, because, isTold), ct) == SubscriptionState.Confirmed)
            {
                await syncs.EnqueueRemovalAsync(subscription.Subscription, subscription.Contact, ct);
            }
        }

        await db.SaveChangesAsync(ct);
        db.OnCommitted(lists.Wake);
    }

    /// <summary>
    /// Mail to the person came back for good, so they are on no list and wait for none. They refused nothing by that: once an operator has
    /// lifted the suppression the same mail may be sent again, or they may be asked anew.
    /// </summary>
    /// <param name="isTold">Whether hooks hear of it.</param>
    public async Task BouncedAsync(Contact contact, string answer, CancellationToken ct, bool isTold = true)
    {
        foreach (var one in (await subscriptions.OfContactAsync(contact.Id, ct)).OrderBy(one => one.Subscription.Id))
        {
            // Pending comes first here too.
            if (await subscriptions.ExpireBouncedAsync(one.Subscription.Id, ct))
            {
                await ExpireAsync(one, new(ConsentKind.Bounced, ByBounce, IsTold: isTold) { Answer = answer }, ct);
            }
            else if (
                await EndAsync(
                    one,
                    [SubscriptionState.Confirmed],
                    SubscriptionState.Removed,
                    new(ConsentKind.Bounced, ByBounce, IsTold: isTold) { Answer = answer },
                    ct
                )
                is not null
            )
            {
                await syncs.EnqueueRemovalAsync(one.Subscription, one.Contact, ct);
            }
        }

        db.OnCommitted(lists.Wake);
    }

    /// <summary>
    /// The person called mail of the site spam, so they left whatever they were on, here and at the provider, and wait for nothing.
    /// </summary>
    /// <param name="isTold">Whether hooks hear of it.</param>
    public async Task ComplainedAsync(Contact contact, string answer, CancellationToken ct, bool isTold = true)
    {
        foreach (var one in (await subscriptions.OfContactAsync(contact.Id, ct)).OrderBy(one => one.Subscription.Id))
        {
            if (await subscriptions.ExpireAsync(one.Subscription.Id, ct))
            {
                await ExpireAsync(one, new(ConsentKind.Complained, ByComplaint, IsTold: isTold) { Answer = answer }, ct);
            }
            else if (
                await EndAsync(
                    one,
                    [SubscriptionState.Confirmed],
                    SubscriptionState.Unsubscribed,
                    new(ConsentKind.Complained, ByComplaint, IsTold: isTold) { Answer = answer },
                    ct
                )
                is not null
            )
            {
                await syncs.EnqueueAsync(one.Subscription, DesiredState.Unsubscribed, fresh: false, ct);
            }
        }

        await db.SaveChangesAsync(ct);
        db.OnCommitted(lists.Wake);
    }

    /// <summary>As when nobody answers in time. The ledger names no address that was never confirmed.</summary>
    private async Task ExpireAsync(SubscriptionOfContact ending, Ending how, CancellationToken ct)
    {
        var (subscription, contact, list) = ending;
        var now = clock.GetUtcNow().UtcDateTime;
        var forgetAt = now + ExpireRequests.Retention;
        await db
            .OptInRequests.Where(one =>
                one.SubscriptionId == subscription.Id && (one.State == OptInState.Pending || one.State == OptInState.Held)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.State, OptInState.Expired)
                        .SetProperty(one => one.ExpiresAt, now)
                        .SetProperty(one => one.DueAt, (DateTime?)forgetAt)
                        .SetProperty(one => one.Visitor, (byte[]?)null)
                        .SetProperty(one => one.Network, (int?)null),
                ct
            );
        await ledger.AppendAsync(
            subscription.SiteId,
            new(how.Kind, contact.Id, list.Id, FactsOf(list, how), new Dictionary<string, string?>()),
            ct
        );
        if (!how.IsTold)
        {
            return;
        }

        var expired = events.Of(
            EventTypes.SubscriptionExpired,
            subscription.SiteId,
            contact.Id,
            new { contact = PublicId.Format(PublicId.Contact, contact.Id), list = PublicId.Format(PublicId.List, list.Id) }
        );
        await events.WriteAsync(db, [expired], ct);
    }

    private async Task<IEnumerable<SubscriptionOfContact>> OnAsync(
        Guid contactId,
        IReadOnlyCollection<Guid> listIds,
        CancellationToken ct
    ) =>
        (await subscriptions.OfContactAsync(contactId, ct))
            .Where(one => listIds.Contains(one.List.Id))
            .OrderBy(one => one.Subscription.Id);

    /// <returns>What it was before; null when there was nothing to end.</returns>
    private async Task<SubscriptionState?> EndAsync(
        SubscriptionOfContact ending,
        IEnumerable<SubscriptionState> from,
        SubscriptionState to,
        Ending how,
        CancellationToken ct
    )
    {
        var (subscription, contact, list) = ending;
        if (await WinAsync(subscription.Id, from, to, ct) is not { } before)
        {
            return null;
        }

        await db
            .OptInRequests.Where(one =>
                one.SubscriptionId == subscription.Id && (one.State == OptInState.Pending || one.State == OptInState.Held)
            )
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(one => one.State, OptInState.Voided)
                        .SetProperty(one => one.DueAt, (DateTime?)null)
                        .SetProperty(one => one.Visitor, (byte[]?)null)
                        .SetProperty(one => one.Evidence, (string?)null),
                ct
            );
        await ledger.AppendAsync(
            subscription.SiteId,
            new(
                how.Kind,
                contact.Id,
                subscription.ListId,
                FactsOf(list, how),
                new Dictionary<string, string?> { ["address"] = contact.Address }
            ),
            ct
        );
        if (!how.IsTold)
        {
            return before;
        }

        var ended = events.Of(
            EventTypes.SubscriptionUnsubscribed,
            subscription.SiteId,
            contact.Id,
            new
            {
                contact = ContactResponse.Of(contact),
                list = new { id = PublicId.Format(PublicId.List, list.Id), name = list.Name },
                by = how.By,
            }
        );
        await events.WriteAsync(db, [ended], ct);
        return before;
    }

    private static Dictionary<string, string?> FactsOf(ContactList list, Ending how)
    {
        var facts = new Dictionary<string, string?> { ["listName"] = list.Name, ["by"] = how.By };
        if (how.Answer is not null)
        {
            facts["mailAnswer"] = how.Answer;
        }

        if (how.Because is { } because)
        {
            (facts["decidedBy"], facts["reason"]) = (because.DecidedBy, because.Reason);
        }

        return facts;
    }

    /// <summary>Of many presses one wins. Pending comes first: a confirmation in between is then met by the next statement.</summary>
    private async Task<SubscriptionState?> WinAsync(
        Guid subscriptionId,
        IEnumerable<SubscriptionState> from,
        SubscriptionState to,
        CancellationToken ct
    )
    {
        foreach (var state in from)
        {
            if (await subscriptions.MoveAsync(subscriptionId, [state], to, ct))
            {
                return state;
            }
        }

        return null;
    }

    /// <summary>How a subscription ends, as the ledger and hooks hear it.</summary>
    /// <param name="Because">Who of the site decided it, and why; null where nobody did.</param>
    private sealed record Ending(ConsentKind Kind, string By, RemovalCause? Because = null, bool IsTold = true)
    {
        /// <summary>What the mail server said, where that ended it.</summary>
        public string? Answer { get; init; }
    }
}
