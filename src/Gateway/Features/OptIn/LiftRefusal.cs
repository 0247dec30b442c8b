using Gateway.Features.Contacts;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <summary>
/// Takes back what keeps a person from being asked: "this wasn't me", mail that came back, a complaint. It subscribes nobody, and never
/// touches an unsubscribe, which only the person's own confirmation lifts.
/// </summary>
internal sealed class LiftRefusal(
    GatewayDb db,
    ContactStore contacts,
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

    /// <summary>What stands in the way of an address at a site, each list by its own.</summary>
    public async Task<IReadOnlyList<NoContactReason>> FindAsync(Guid siteId, EmailAddress address, CancellationToken ct)
    {
        var found = new List<NoContactReason>();
        if (await suppressions.FindAsync(SuppressionChannel.Email, siteId, address.Key, ct) is { } suppressed)
        {
            found.Add(suppressed.Reason.ToNoContact());
        }

        if ((await CancelledAsync(siteId, address, ct)).Count > 0)
        {
            found.Add(NoContactReason.Cancelled);
        }

        return found;
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

                foreach (var one in kinds.Contains(NoContactReason.Cancelled) ? await CancelledAsync(siteId, address, ct) : [])
                {
                    if (await ReopenAsync(one.Subscription, actor, reason, ct))
                    {
                        lifted.Add(NoContactReason.Cancelled);
                    }
                }

                if (lifted.Count > 0)
                {
                    var contact = await contacts.FindAsync(siteId, address, ct);
                    await audit.RecordAsync(
                        siteId,
                        actor,
                        $"refusal.lifted: {reason}",
                        contact is null ? null : PublicId.Format(PublicId.Contact, contact.Id),
                        ct
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

        await ledger.AppendAsync(
            subscription.SiteId,
            new(
                ConsentKind.Reopened,
                subscription.ContactId,
                subscription.ListId,
                new Dictionary<string, string?> { ["by"] = by, ["reason"] = reason },
                new Dictionary<string, string?>()
            ),
            ct
        );
        return true;
    }

    private async Task<List<SubscriptionOfContact>> CancelledAsync(Guid siteId, EmailAddress address, CancellationToken ct) =>
        await contacts.FindAsync(siteId, address, ct) is { } contact
            ? (await subscriptions.OfContactAsync(contact.Id, ct)).FindAll(one => one.Subscription.State == SubscriptionState.Cancelled)
            : [];
}
