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
/// <param name="Text">The words that the person agreed to; null where nobody has them any more.</param>
/// <param name="Source">Where that was.</param>
/// <param name="Caller">Who told us.</param>
internal sealed record Proof(
    Site Site,
    ContactList List,
    EmailAddress Address,
    string? Name,
    string? Language,
    IReadOnlyDictionary<string, string?> Properties,
    string? Text,
    string Source,
    DateTime GivenAt,
    string? PolicyUrl,
    string? PolicyVersion,
    string Caller
)
{
    /// <summary>The IP address from which the person agreed; null where nobody has it.</summary>
    public string? Ip { get; init; }

    /// <summary>The import that brought it along, imp_…; null where it came by itself. Hooks hear nothing of those that were brought
    /// along: they are no sign-ups.</summary>
    public string? Import { get; init; }
}

/// <summary>What came of a proof.</summary>
/// <param name="Refused">Why nobody was subscribed; null when they are.</param>
/// <param name="Added">The subscription, where the person had none to the list before, or the site had taken them off it.</param>
/// <param name="IsNews">Whether they were not on the list before.</param>
internal sealed record ProofOutcome(NoContactReason? Refused, Subscription? Added, bool IsNews);

/// <summary>
/// Subscribes people whose consent was proven. It never lifts anything: whoever left or refused must confirm afresh themselves, and at the
/// provider an unsubscribe stays. The same proof told again changes nothing but name and properties.
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
    IEnumerable<IProofListener> listeners,
    OptInMetrics metrics,
    TimeProvider clock
)
{
    /// <returns>Why not; null when the person is subscribed. Runs inside the caller's transaction.</returns>
    public async Task<NoContactReason?> SubscribeAsync(Proof proof, CancellationToken ct) => (await SubscribeOneAsync(proof, ct)).Refused;

    /// <summary>
    /// Many at once, inside the caller's transaction. Whoever is new to the list is stored with the others by one statement for each table;
    /// whoever was there before goes the way of <see cref="SubscribeAsync"/>, which looks at what they did since.
    /// </summary>
    /// <param name="proofs">All about one list, and brought along (<see cref="Proof.Import"/>). An address may come several times.</param>
    /// <returns>An outcome for each, in the same order.</returns>
    public async Task<IReadOnlyList<ProofOutcome>> SubscribeBroughtAlongAsync(IReadOnlyList<Proof> proofs, CancellationToken ct)
    {
        var refused = await suppressions.FindForListsAsync(
            SuppressionChannel.Email,
            [.. proofs.Select(proof => (proof.Site.Id, proof.List.Id, proof.Address.Key))],
            ct
        );
        var now = clock.GetUtcNow();
        var firsts = proofs
            .Where(proof => !refused.ContainsKey((proof.Site.Id, proof.List.Id, proof.Address.Key)))
            .DistinctBy(proof => proof.Address.Key)
            .ToDictionary(proof => proof.Address.Key);
        var added = await AddAsync(firsts, now, ct);

        var outcomes = new List<ProofOutcome>(proofs.Count);
        foreach (var proof in proofs)
        {
            outcomes.Add(
                refused.TryGetValue((proof.Site.Id, proof.List.Id, proof.Address.Key), out var reason)
                    ? new(reason.ToNoContact(), Added: null, IsNews: false)
                : ReferenceEquals(firsts[proof.Address.Key], proof) && added.TryGetValue(proof.Address.Key, out var subscription)
                    ? new(Refused: null, subscription, IsNews: true)
                : await SubscribeOneAsync(proof, ct)
            );
        }

        return outcomes;
    }

    /// <returns>By address, the subscriptions of those who had none to the list before.</returns>
    private async Task<Dictionary<string, Subscription>> AddAsync(
        Dictionary<string, Proof> proofs,
        DateTimeOffset now,
        CancellationToken ct
    )
    {
        var fresh = proofs.Values.Select(proof => NewContact(proof, now)).ToList();
        foreach (var contact in fresh)
        {
            var proof = proofs[contact.AddressKey];
            contact.TakeOver(proof.Name, contact.Language, proof.Properties);
        }

        var people = await contacts.FindOrAddAsync(fresh, ct);
        var wanted = people.ToDictionary(
            person => person.Value.Id,
            person => NewSubscription(proofs[person.Key.AddressKey], person.Value, now)
        );
        var stored = await subscriptions.FindOrAddAsync(wanted.Values, ct);
        var added = people.Values.Where(person => IsAdded(wanted[person.Id])).ToDictionary(person => person, person => wanted[person.Id]);
        bool IsAdded(Subscription one) => stored[(one.ContactId, one.ListId)].Id == one.Id;

        if (added.Count > 0)
        {
            await ledger.AppendManyAsync(
                added.First().Value.SiteId,
                [.. added.Select(one => EntryOf(proofs[one.Key.AddressKey], one.Key, now.UtcDateTime))],
                ct
            );
            await syncs.EnqueueNewAsync(added.Values, ct);
            db.OnCommitted(() => metrics.Confirmed("proven", added.Count));
        }

        var known = fresh.Select(contact => contact.Id).ToHashSet();
        foreach (var person in added.Keys.Where(person => !known.Contains(person.Id)))
        {
            await TakeOverAsync(proofs[person.AddressKey], person.Id, ct);
        }

        return added.ToDictionary(one => one.Key.AddressKey, one => one.Value);
    }

    private async Task<ProofOutcome> SubscribeOneAsync(Proof proof, CancellationToken ct)
    {
        var (site, list, address) = (proof.Site, proof.List, proof.Address);
        var about = (site.Id, list.Id, address.Key);
        var refused = await suppressions.FindForListsAsync(SuppressionChannel.Email, [about], ct);
        if (refused.TryGetValue(about, out var reason))
        {
            return Not(reason.ToNoContact());
        }

        var now = clock.GetUtcNow();
        var contactId = (await contacts.FindOrAddAsync([NewContact(proof, now)], ct)).Values.Single().Id;
        var (subscription, isNew) = await subscriptions.FindOrAddAsync(site.Id, contactId, list.Id, ct);

        // Somebody may have left, or refused, since the look above.
        if (subscription.LeftAt is not null || subscription.State is SubscriptionState.Unsubscribed or SubscriptionState.Cancelled)
        {
            return Not(subscription.State == SubscriptionState.Cancelled ? NoContactReason.Cancelled : NoContactReason.Unsubscribed);
        }

        var contact = await TakeOverAsync(proof, contactId, ct);
        var isOff = isNew || subscription.State == SubscriptionState.Removed;
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
                ct,
                isTold: proof.Import is null
            );
            db.OnCommitted(() => metrics.Confirmed("proven"));
            return new(Refused: null, isOff ? subscription : null, IsNews: true);
        }

        if (!await IsKnownAsync(proof, contactId, ct))
        {
            await ledger.AppendAsync(site.Id, EntryOf(proof, contact, now.UtcDateTime), ct);
            await signs.SeenAsync([new(site.Id, contactId, list.Id, DateOnly.FromDateTime(proof.GivenAt))], ct);
        }

        foreach (var listener in listeners)
        {
            await listener.ProvenAgainAsync(subscription.Id, proof.Import, ct);
        }

        await db.SaveChangesAsync(ct);
        return new(Refused: null, Added: null, IsNews: false);
    }

    private static ProofOutcome Not(NoContactReason reason) => new(reason, Added: null, IsNews: false);

    /// <returns>The person, tracked, with what was told of them.</returns>
    private async Task<Contact> TakeOverAsync(Proof proof, Guid contactId, CancellationToken ct)
    {
        var contact = await contacts.GetTrackedAsync(contactId, ct);
        if (contact.TakeOver(proof.Name, proof.Language ?? contact.Language, proof.Properties))
        {
            await syncs.EnqueueAgainAsync(contact.Id, ct);
            db.OnCommitted(lists.Wake);
        }

        return contact;
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

    private static Subscription NewSubscription(Proof proof, Contact contact, DateTimeOffset now)
    {
        var subscription = Subscription.New(proof.Site.Id, contact.Id, proof.List.Id, now);
        (subscription.State, subscription.ConfirmedAt) = (SubscriptionState.Confirmed, now.UtcDateTime);
        subscription.LastSignOn = DateOnly.FromDateTime(proof.GivenAt);
        return subscription;
    }

    private static ConsentEntry EntryOf(Proof proof, Contact contact, DateTime now)
    {
        var facts = new Dictionary<string, string?>
        {
            ["consentText"] = proof.Text,
            ["consentTextSha256"] = proof.Text is { } text ? ConsentEntry.Sha256(text) : null,
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
        };
        if (proof.Import is { } import)
        {
            facts["import"] = import;
        }

        return new(
            ConsentKind.Proven,
            contact.Id,
            proof.List.Id,
            facts,
            new Dictionary<string, string?>
            {
                ["address"] = contact.Address,
                ["name"] = proof.Name,
                ["consentIp"] = proof.Ip,
            }
        );
    }
}
