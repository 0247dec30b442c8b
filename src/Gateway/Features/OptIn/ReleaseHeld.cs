using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>
/// Sends the confirmation mails that were over a budget, as far as there is room by now, by turns of the networks that they were asked for
/// from (<see cref="HeldTurns"/>). Whoever confirmed, left or refused in the meantime is not asked any more: their requests are not held
/// any longer.
/// </summary>
internal sealed class ReleaseHeld(
    GatewayDb db,
    ContactStore contacts,
    ListStore lists,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    ConfirmationBudget budget,
    HeldTurns heldTurns,
    WriteConfirmation writer,
    Signal<SendMessages> mail,
    TimeProvider clock
)
{
    /// <summary>Until the request that another follows has had its turn.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private static readonly string[] Stored =
    [
        nameof(OptInRequest.LeadId),
        nameof(OptInRequest.State),
        nameof(OptInRequest.HeldFor),
        nameof(OptInRequest.Visitor),
        nameof(OptInRequest.CodeHmac),
        nameof(OptInRequest.AskedAt),
        nameof(OptInRequest.ExpiresAt),
        nameof(OptInRequest.DueAt),
    ];

    /// <param name="held">Requests that this worker has leased.</param>
    public async Task ReleaseAsync(IReadOnlyList<OptInRequest> held, CancellationToken ct)
    {
        if (held.Count > 0)
        {
            await db.WriteAsync(
                async () =>
                {
                    // In the order in which a sign-up takes them: subscriptions, then requests, then budgets.
                    await subscriptions.LockAsync([.. held.Select(request => request.SubscriptionId).Distinct()], ct);

                    // A try that is undone has changed its copies, and the next one begins with the rows as they were leased.
                    List<OptInRequest> tried = [.. held.Select(request => request.Copy())];
                    await TryAsync(HeldTurns.Of(await WithMailAsync(tried, ct)), ct);
                },
                ct
            );
        }
    }

    /// <summary>
    /// Those that have a mail of their own. What follows another is released with it, and looked at again when the other is; if that one
    /// was settled alone, it goes its own way from now on.
    /// </summary>
    private async Task<List<OptInRequest>> WithMailAsync(IReadOnlyList<OptInRequest> held, CancellationToken ct)
    {
        List<Guid> leadIds = [.. held.Select(request => request.LeadId).OfType<Guid>().Distinct()];
        if (leadIds.Count == 0)
        {
            return [.. held];
        }

        var waiting = await db
            .OptInRequests.AsNoTracking()
            .Where(lead => leadIds.Contains(lead.Id) && lead.State == OptInState.Held)
            .ToDictionaryAsync(lead => lead.Id, lead => lead.DueAt, ct);
        var later = held.Where(request => request.LeadId is { } lead && waiting.ContainsKey(lead)).ToList();
        foreach (var request in later)
        {
            var dueAt = waiting[request.LeadId!.Value];
            request.DueAt = dueAt > clock.GetUtcNow().UtcDateTime ? dueAt : clock.GetUtcNow().UtcDateTime + Look;
        }

        await db.UpdateLeasedAsync(later, [nameof(OptInRequest.DueAt)], "state = 'held'", ct);
        var alone = held.Except(later).ToList();
        foreach (var request in alone)
        {
            request.LeadId = null;
        }

        return alone;
    }

    private async Task TryAsync(List<OptInRequest> held, CancellationToken ct)
    {
        var people = await contacts.GetManyAsync([.. held.Select(request => request.ContactId).Distinct()], ct);
        var ids = held.ConvertAll(request => request.Id);
        var followers = (
            await db
                .OptInRequests.AsNoTracking()
                .Where(one => one.LeadId != null && ids.Contains(one.LeadId.Value) && one.State == OptInState.Held)
                .ToListAsync(ct)
        ).ToLookup(one => one.LeadId!.Value);
        var targets = await lists.GetManyAsync(
            [.. held.Concat(followers.SelectMany(one => one)).Select(one => one.ListId).Distinct()],
            ct
        );
        var suppressed = await suppressions.FindAsync(
            SuppressionChannel.Email,
            [.. people.Values.Select(contact => (contact.SiteId, contact.AddressKey))],
            ct
        );

        var wanted = held.FindAll(request =>
            people.TryGetValue(request.ContactId, out var contact)
            && targets.ContainsKey(request.ListId)
            && suppressed.GetValueOrDefault((contact.SiteId, contact.AddressKey), SuppressionReason.Unsubscribed)
                == SuppressionReason.Unsubscribed
        );
        var holds = await budget.SpendAsync(
            [.. wanted.Select(request => new BudgetClaim(request.SiteId, AddressOf(people[request.ContactId]), request.Visitor))],
            ct
        );

        var turns = await heldTurns.OfAsync([.. wanted.Zip(holds).Where(one => one.Second is not null).Select(one => one.First)], ct);
        var tokens = new Dictionary<Guid, LinkToken>();
        var messages = new Dictionary<Guid, Message>();
        foreach (var (request, hold) in wanted.Zip(holds))
        {
            if (hold is not null)
            {
                StartOptIn.HoldBack(request, hold, turns[request.Id], clock.GetUtcNow().UtcDateTime);
                continue;
            }

            var asked = followers[request.Id].Prepend(request).Where(one => targets.ContainsKey(one.ListId));
            var (token, message) = writer.Write(request, people[request.ContactId], [.. asked.Select(one => targets[one.ListId])]);
            (tokens[request.Id], messages[request.Id]) = (token, message);
        }

        foreach (var moot in held.Except(wanted))
        {
            (moot.State, moot.DueAt, moot.Visitor) = (OptInState.Voided, moot.CreatedAt + ExpireRequests.Retention, null);
        }

        // What somebody settled meanwhile, or another worker took, is left alone: no mail of it is written.
        var ours = await db.UpdateLeasedAsync(held, Stored, "state = 'held'", ct);
        await db.InsertNewAsync([.. tokens.Where(one => ours.Contains(one.Key)).Select(one => one.Value)], ct);
        await db.InsertNewAsync([.. messages.Where(one => ours.Contains(one.Key)).Select(one => one.Value)], ct);
        var asking = wanted.FindAll(request => ours.Contains(request.Id) && messages.ContainsKey(request.Id));
        await subscriptions.ReleaseAsync(
            [.. asking.SelectMany(request => followers[request.Id].Prepend(request)).Select(one => one.SubscriptionId)],
            ct
        );
        foreach (var lead in asking.Where(request => followers[request.Id].Any()))
        {
            await db
                .OptInRequests.Where(one => one.LeadId == lead.Id && one.State == OptInState.Held)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(one => one.State, lead.State)
                            .SetProperty(one => one.AskedAt, lead.AskedAt)
                            .SetProperty(one => one.ExpiresAt, lead.ExpiresAt)
                            .SetProperty(one => one.DueAt, lead.DueAt)
                            .SetProperty(one => one.Domain, (string?)null)
                            .SetProperty(one => one.Visitor, (byte[]?)null)
                            .SetProperty(one => one.Network, (int?)null),
                    ct
                );
        }

        db.OnCommitted(mail.Wake);
    }

    private static EmailAddress AddressOf(Contact contact) =>
        EmailAddress.Parse(contact.Address) ?? new EmailAddress(contact.Address, contact.AddressKey, contact.Address);
}
