using System.Text.Json;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Lists;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <summary>Somebody's consent that was given elsewhere, told by a caller who answers for it.</summary>
/// <param name="Text">The words that the person agreed to.</param>
/// <param name="Source">Where that was.</param>
/// <param name="Caller">Who told us.</param>
internal sealed record Proof(
    Site Site,
    ContactList List,
    EmailAddress Address,
    string? Name,
    string? Language,
    IReadOnlyDictionary<string, string?> Properties,
    string Text,
    string Source,
    DateTime GivenAt,
    string? PolicyUrl,
    string? PolicyVersion,
    string Caller
);

/// <summary>
/// Subscribes somebody whose consent was proven. It never lifts anything: whoever left or refused must confirm afresh themselves, and at
/// the provider an
/// unsubscribe stays. The same proof told again changes nothing but name and properties.
/// </summary>
internal sealed class ProveSubscription(
    GatewayDb db,
    ContactStore contacts,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    RecordConsent consent,
    ConsentLedger ledger,
    SignsOfLife signs,
    AddressFlaws flaws,
    ListSyncQueue syncs,
    Signal<SyncLists> lists,
    OptInMetrics metrics,
    TimeProvider clock
)
{
    /// <returns>Why not; null when the person is subscribed. Runs inside the caller's transaction.</returns>
    public async Task<NoContactReason?> SubscribeAsync(Proof proof, CancellationToken ct)
    {
        var (site, list, address) = (proof.Site, proof.List, proof.Address);
        var about = (site.Id, list.Id, address.Key);
        var refused = await suppressions.FindForListsAsync(SuppressionChannel.Email, [about], ct);
        if (refused.TryGetValue(about, out var reason))
        {
            return reason.ToNoContact();
        }

        var now = clock.GetUtcNow();
        var contactId = (await contacts.FindOrAddAsync([NewContact(proof, now)], ct)).Values.Single().Id;
        var (subscription, _) = await subscriptions.FindOrAddAsync(site.Id, contactId, list.Id, ct);

        // Somebody may have left, or refused, since the look above.
        if (subscription.LeftAt is not null || subscription.State is SubscriptionState.Unsubscribed or SubscriptionState.Cancelled)
        {
            return subscription.State == SubscriptionState.Cancelled ? NoContactReason.Cancelled : NoContactReason.Unsubscribed;
        }

        var contact = await contacts.GetTrackedAsync(contactId, ct);
        if (contact.TakeOver(proof.Name, proof.Language ?? contact.Language, proof.Properties))
        {
            await syncs.EnqueueAgainAsync(contact.Id, ct);
            db.OnCommitted(lists.Wake);
        }

        if (subscription.State != SubscriptionState.Confirmed)
        {
            await consent.RecordAsync(
                subscription,
                contact,
                list,
                EntryOf(proof, contact, now.UtcDateTime),
                DateOnly.FromDateTime(proof.GivenAt),
                fresh: false,
                now.UtcDateTime,
                ct
            );
            db.OnCommitted(() => metrics.Confirmed("proven"));
            return null;
        }

        if (!await IsKnownAsync(proof, contactId, ct))
        {
            await ledger.AppendAsync(site.Id, EntryOf(proof, contact, now.UtcDateTime), ct);
            await signs.SeenAsync([new(site.Id, contactId, list.Id, DateOnly.FromDateTime(proof.GivenAt))], ct);
        }

        await db.SaveChangesAsync(ct);
        return null;
    }

    /// <summary>The same words from the same source are the same proof, whatever time a replay tells.</summary>
    private async Task<bool> IsKnownAsync(Proof proof, Guid contactId, CancellationToken ct)
    {
        var entries = await ledger.EntriesAsync(contactId, proof.List.Id, ConsentKind.Proven, ct);
        return entries.Exists(entry =>
        {
            using var json = JsonDocument.Parse(entry);
            var facts = json.RootElement.GetProperty("facts").Deserialize<Dictionary<string, string?>>()!;
            return facts["consentText"] == proof.Text
                && facts["source"] == proof.Source
                && facts["policyUrl"] == proof.PolicyUrl
                && facts["policyVersion"] == proof.PolicyVersion;
        });
    }

    private Contact NewContact(Proof proof, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = proof.Site.Id,
            Address = proof.Address.Text,
            AddressKey = proof.Address.Key,
            Flaw = flaws.Of(proof.Address.Key),
            Language = proof.Language ?? proof.Site.Language,
            CreatedAt = now.UtcDateTime,
        };

    private static ConsentEntry EntryOf(Proof proof, Contact contact, DateTime now) =>
        new(
            ConsentKind.Proven,
            contact.Id,
            proof.List.Id,
            new Dictionary<string, string?>
            {
                ["consentText"] = proof.Text,
                ["consentTextSha256"] = ConsentEntry.Sha256(proof.Text),
                ["policyUrl"] = proof.PolicyUrl,
                ["policyVersion"] = proof.PolicyVersion,
                ["siteName"] = proof.Site.Name,
                ["listName"] = proof.List.Name,
                ["purpose"] = proof.List.Purpose,
                ["source"] = proof.Source,
                ["language"] = contact.Language,
                ["givenAt"] = ConsentEntry.Iso(proof.GivenAt),
                ["provenAt"] = ConsentEntry.Iso(now),
                ["provenBy"] = proof.Caller,
            },
            new Dictionary<string, string?> { ["address"] = contact.Address, ["name"] = proof.Name }
        );
}
