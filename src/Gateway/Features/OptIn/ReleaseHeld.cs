using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;

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
    private static readonly string[] Stored =
    [
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
            await db.WriteAsync(async () => await TryAsync(HeldTurns.Of(held), ct), ct);
        }
    }

    private async Task TryAsync(List<OptInRequest> held, CancellationToken ct)
    {
        // In the order in which a sign-up takes them: subscriptions, then budgets.
        await subscriptions.LockAsync([.. held.Select(request => request.SubscriptionId).Distinct()], ct);
        var people = await contacts.GetManyAsync([.. held.Select(request => request.ContactId).Distinct()], ct);
        var targets = await lists.GetManyAsync([.. held.Select(request => request.ListId).Distinct()], ct);
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

            var (token, message) = writer.Write(request, people[request.ContactId], targets[request.ListId]);
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
        await subscriptions.ReleaseAsync(
            [.. wanted.Where(request => ours.Contains(request.Id) && messages.ContainsKey(request.Id)).Select(one => one.SubscriptionId)],
            ct
        );
        db.OnCommitted(mail.Wake);
    }

    private static EmailAddress AddressOf(Contact contact) =>
        EmailAddress.Parse(contact.Address) ?? new EmailAddress(contact.Address, contact.AddressKey, contact.Address);
}
