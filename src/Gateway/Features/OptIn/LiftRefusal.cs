using Gateway.Features.Contacts;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <param name="ListId">Empty when it is about everything.</param>
/// <param name="ListName">Null when it is about everything.</param>
internal sealed record StandingRefusal(NoContactReason Reason, Guid ListId, string? ListName);

/// <summary>
/// Takes back what keeps a person from being asked: "this wasn't me", mail that came back, a complaint. It subscribes nobody, and never
/// touches an unsubscribe, which only the person's own confirmation lifts.
/// </summary>
internal sealed class LiftRefusal(
    GatewayDb db,
    ContactStore contacts,
    ListStore lists,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    ConsentLedger ledger,
    AuditLog audit,
    IEnumerable<IRefusalListener> listeners
)
{
    private const int MaxReason = 500;

    /// <returns>What is wrong with the reason that was given; null when nothing.</returns>
    public static string? ErrorOf(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? "A reason is needed: why the person may be written to again."
        : reason.Length > MaxReason || reason.Any(char.IsControl)
            ? $"The reason has at most {MaxReason} characters and no line breaks or other control characters."
        : null;

    /// <summary>What stands in the way of an address at a site, for everything it sends and for each list.</summary>
    public async Task<IReadOnlyList<StandingRefusal>> FindAsync(Guid siteId, EmailAddress address, CancellationToken ct)
    {
        var rows = await suppressions.AllOfAsync(SuppressionChannel.Email, siteId, address.Key, ct);
        var about = await lists.GetManyAsync([.. rows.Select(row => row.ListId).Where(id => id != Guid.Empty).Distinct()], ct);
        return
        [
            .. rows.OrderByDescending(row => row.ListId == Guid.Empty)
                .ThenBy(row => row.Reason)
                .Select(row => new StandingRefusal(row.Reason.ToNoContact(), row.ListId, about.GetValueOrDefault(row.ListId)?.Name)),
        ];
    }

    /// <param name="kinds">What may be lifted.</param>
    /// <param name="reason">Without personal data: it stays in the ledger and in the audit.</param>
    /// <param name="actor">As the audit names them.</param>
    /// <returns>What was lifted.</returns>
    public Task<IReadOnlyList<NoContactReason>> LiftAsync(
        Guid siteId,
        EmailAddress address,
        IReadOnlyCollection<NoContactReason> kinds,
        string reason,
        string actor,
        CancellationToken ct
    ) =>
        db.WriteAsync(
            async () =>
            {
                var lifted = new List<NoContactReason>();
                foreach (var stored in new[] { SuppressionReason.Bounced, SuppressionReason.Complained })
                {
                    if (
                        kinds.Contains(stored.ToNoContact())
                        && await suppressions.LiftAsync(siteId, SuppressionChannel.Email, address.Key, stored, ct)
                    )
                    {
                        lifted.Add(stored.ToNoContact());
                    }
                }

                var contact = await contacts.FindAsync(siteId, address, ct);
                if (kinds.Contains(NoContactReason.Cancelled) && await LiftCancelledAsync(siteId, address, contact, actor, reason, ct))
                {
                    lifted.Add(NoContactReason.Cancelled);
                }

                if (lifted.Count > 0)
                {
                    await audit.RecordAsync(
                        siteId,
                        actor,
                        "refusal.lifted",
                        contact is null ? suppressions.NameOf(address.Key) : PublicId.Format(PublicId.Contact, contact.Id),
                        ct,
                        reason
                    );
                    await ReportAsync(siteId, address, byPerson: false, ct);
                }

                return (IReadOnlyList<NoContactReason>)[.. lifted.Distinct()];
            },
            ct
        );

    /// <summary>The person takes back "this wasn't me", inside the caller's transaction.</summary>
    public async Task RestoreAsync(Subscription subscription, CancellationToken ct)
    {
        if (
            await ReopenAsync(subscription, "link", reason: null, ct)
            && EmailAddress.Parse((await contacts.GetAsync(subscription.ContactId, ct)).Address) is { } address
        )
        {
            await ReportAsync(subscription.SiteId, address, byPerson: true, ct);
        }
    }

    private async Task ReportAsync(Guid siteId, EmailAddress address, bool byPerson, CancellationToken ct)
    {
        foreach (var listener in listeners)
        {
            await listener.LiftedAsync(siteId, address, byPerson, ct);
        }
    }

    /// <returns>False when it was not cancelled.</returns>
    private async Task<bool> ReopenAsync(Subscription subscription, string by, string? reason, CancellationToken ct)
    {
        if (!await subscriptions.ReopenAsync(subscription.Id, ct))
        {
            return false;
        }

        var contact = await contacts.GetAsync(subscription.ContactId, ct);
        await suppressions.LiftCancelledAsync(subscription.SiteId, subscription.ListId, contact.AddressKey, ct);
        await RecordAsync(subscription.SiteId, subscription.ContactId, subscription.ListId, by, reason, ct);
        return true;
    }

    /// <summary>For each list of which they said it, whether or not a subscription is left of that: they may have been erased.</summary>
    private async Task<bool> LiftCancelledAsync(
        Guid siteId,
        EmailAddress address,
        Contact? contact,
        string by,
        string reason,
        CancellationToken ct
    )
    {
        var joined = contact is null ? [] : await subscriptions.OfContactAsync(contact.Id, ct);
        var refused = (await suppressions.AllOfAsync(SuppressionChannel.Email, siteId, address.Key, ct)).FindAll(row =>
            row.Reason == SuppressionReason.Cancelled
        );
        foreach (var row in refused)
        {
            if (joined.Find(one => one.List.Id == row.ListId) is not { } known || !await ReopenAsync(known.Subscription, by, reason, ct))
            {
                await suppressions.LiftCancelledAsync(siteId, row.ListId, address.Key, ct);
                await RecordAsync(siteId, contact?.Id ?? Guid.Empty, row.ListId, by, reason, ct);
            }
        }

        return refused.Count > 0;
    }

    /// <param name="contactId">Empty for somebody of whom nothing else is kept.</param>
    private async Task RecordAsync(Guid siteId, Guid contactId, Guid listId, string by, string? reason, CancellationToken ct)
    {
        var list = await lists.FindAsync(listId, ct);
        await ledger.AppendAsync(
            siteId,
            new(
                ConsentKind.Reopened,
                contactId,
                listId,
                new Dictionary<string, string?> { ["listName"] = list?.Name, ["by"] = by },
                // Free text, in which a person may be named: it goes with them. Of somebody unknown only the audit keeps it.
                new Dictionary<string, string?> { ["reason"] = contactId == Guid.Empty ? null : reason }
            ),
            ct
        );
    }
}
