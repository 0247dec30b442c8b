using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>What came of asking for another confirmation mail.</summary>
internal abstract record Resent
{
    /// <summary>It goes out now.</summary>
    public sealed record Now : Resent;

    /// <summary>Another press was first: its mail went out after this caller had looked.</summary>
    public sealed record Before : Resent;

    /// <summary>The mail before went out too short a time ago.</summary>
    /// <param name="At">When the next one is possible, UTC.</param>
    public sealed record TooSoon(DateTime At) : Resent;

    /// <summary>Too many confirmation mails went out, to whomever.</summary>
    /// <param name="IsOfSite">Whether there is no room for any other of the site either.</param>
    /// <inheritdoc cref="TooSoon"/>
    public sealed record NoRoom(DateTime At, bool IsOfSite) : Resent;

    /// <summary>The mail before is held back, and leaves by itself.</summary>
    public sealed record HeldBack : Resent;

    /// <summary>The mail before has not left yet.</summary>
    public sealed record Waiting : Resent;

    /// <summary>It is not possible at all.</summary>
    public sealed record Refused(Refusal Why) : Resent;

    /// <returns>Null where a mail goes out.</returns>
    public Refusal? ToRefusal() =>
        this switch
        {
            TooSoon(var at) => No("too_soon", $"A confirmation email went out not long ago. The next one is possible at {Time(at)}."),
            NoRoom(var at, _) => No("no_room", $"Too many confirmation emails went out. The next one is possible at {Time(at)}."),
            HeldBack => No("held_back", "The confirmation email waits, since too many went out. It leaves by itself."),
            Waiting => No("not_sent_yet", "The confirmation email has not left yet. It leaves by itself."),
            Refused(var why) => why,
            _ => null,
        };

    private static Refusal No(string code, string message) => new(RefusalKind.Conflict, code, message);

    private static string Time(DateTime at) => at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>
/// Sends the confirmation mail of a pending subscription once more, inside the same budgets as a sign-up. The request stays the same, so
/// that nobody counts twice; its mail has a fresh link and code, and its time begins anew, for the links of the mails before too.
/// </summary>
internal sealed class ResendConfirmation(
    GatewayDb db,
    SubscriptionStore subscriptions,
    Suppressions suppressions,
    MessageStore messages,
    MailBudget perSubscription,
    ConfirmationBudget budget,
    RecipientDomains domains,
    WriteConfirmation writer,
    AuditLog audit,
    Signal<SendMessages> mail,
    TimeProvider clock
)
{
    /// <param name="seen">How many mails of the subscription the caller knows of, so that who presses twice sends one; null for
    /// any.</param>
    /// <param name="actor">As the audit names them.</param>
    public async Task<Resent> ResendAsync(Contact contact, ContactList list, int? seen, string actor, CancellationToken ct)
    {
        await LookUpAsync([contact], ct);
        return await audit.RecordAsync(
            () => ResendInTurnAsync(contact, list, seen, ct),
            outcome =>
                outcome is Resent.Now
                    ? new(contact.SiteId, actor, "confirmation.resent", PublicId.Format(PublicId.Contact, contact.Id))
                    : null,
            ct
        );
    }

    /// <summary>To be called before the transaction in which <see cref="ResendInTurnAsync"/> runs: the DNS may take its time.</summary>
    public Task LookUpAsync(IEnumerable<Contact> people, CancellationToken ct) => domains.LookUpAsync(people.Select(AddressOf), ct);

    /// <summary>Inside the caller's transaction, which records it.</summary>
    /// <inheritdoc cref="ResendAsync"/>
    public async Task<Resent> ResendInTurnAsync(Contact contact, ContactList list, int? seen, CancellationToken ct)
    {
        if (list.ErrorOfJoining() is { } closed)
        {
            return new Resent.Refused(closed);
        }

        // In the order in which a sign-up takes them: subscriptions, then requests, then budgets.
        if (
            await subscriptions.LockAsync(contact.Id, list.Id, ct) is not { State: SubscriptionState.Pending } pending
            || await NewestAsync(pending.Id, ct) is not { } newest
        )
        {
            return NotPending(list);
        }

        if (seen is { } known && known != pending.MailsSent)
        {
            return new Resent.Before();
        }

        if (pending.IsHeldBack)
        {
            return new Resent.HeldBack();
        }

        if ((await messages.WaitingOfRequestsAsync([newest.MailOf], ct)).Count > 0)
        {
            return new Resent.Waiting();
        }

        if (await ErrorAsync(contact, list, ct) is { } why)
        {
            return new Resent.Refused(why);
        }

        if (MailBudget.NextAt(pending) is var nextAt && nextAt > clock.GetUtcNow().UtcDateTime)
        {
            return new Resent.TooSoon(nextAt);
        }

        return await SameMailAsync(newest, ct) is not { Count: > 0 } asked ? NotPending(list)
            : (await budget.SpendAsync([new(contact.SiteId, AddressOf(contact), Visitor: null)], ct))[0] is { } hold
                ? new Resent.NoRoom(hold.Until, hold.Reason == HoldReason.Site)
            : await WriteAsync(contact, asked, ct);
    }

    /// <summary>All that the mail before asked for is in this one too, and counts as asked once more.</summary>
    private async Task<Resent> WriteAsync(Contact contact, List<OptInRequest> asked, CancellationToken ct)
    {
        var known = await subscriptions.GetManyAsync(asked.ConvertAll(one => one.SubscriptionId), ct);
        await perSubscription.SpendAsync([.. known.Values.Select(one => one.Subscription)], ct);
        var lead = asked[0];
        var (token, message) = writer.Write(lead, contact, [.. asked.Select(one => known[one.SubscriptionId].List)], again: true);
        (lead.LeadId, lead.CodeTries, lead.Domain) = (null, 0, lead.Domain ?? domains.GroupOf(AddressOf(contact)));
        foreach (var other in asked.Skip(1))
        {
            other.Follow(lead);
        }

        await db.SaveChangesAsync(ct);
        await db
            .LinkTokens.Where(link => link.SubscriptionId == lead.SubscriptionId && link.RequestId == lead.Id && link.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.ExpiresAt, lead.ExpiresAt), ct);
        await db.InsertNewAsync([token], ct);
        await db.InsertNewAsync([message], ct);
        db.OnCommitted(mail.Wake);
        return new Resent.Now();
    }

    /// <returns>The request that waits for the answer of a subscription; null when none does.</returns>
    private Task<OptInRequest?> NewestAsync(Guid subscriptionId, CancellationToken ct) =>
        db
            .OptInRequests.AsNoTracking()
            .Where(one => one.SubscriptionId == subscriptionId && (one.State == OptInState.Pending || one.State == OptInState.Held))
            .OrderByDescending(one => one.Id)
            .FirstOrDefaultAsync(ct);

    /// <returns>What the mail of a request asks for and nobody has answered, tracked and held; the one with the mail first.</returns>
    private async Task<List<OptInRequest>> SameMailAsync(OptInRequest request, CancellationToken ct)
    {
        var same = db.OptInRequests.Where(one =>
            (one.Id == request.Id || one.Id == request.MailOf || one.LeadId == request.MailOf) && one.State == OptInState.Pending
        );
        await same.LockAsync(ct);
        db.ChangeTracker.Clear();
        var found = await same.ToListAsync(ct);

        // Where the first of them was answered apart from the others, this one has a mail of its own from now on.
        return found.Exists(one => one.Id == request.MailOf)
            ? [.. found.OrderBy(one => one.Id == request.MailOf ? 0 : 1).ThenBy(one => one.Id)]
            : found.FindAll(one => one.Id == request.Id);
    }

    /// <returns>Why no mail goes to the person at all; null when one may.</returns>
    private async Task<Refusal?> ErrorAsync(Contact contact, ContactList list, CancellationToken ct)
    {
        var stands = await suppressions.FindForListsAsync(SuppressionChannel.Email, [(contact.SiteId, list.Id, contact.AddressKey)], ct);
        return stands.TryGetValue((contact.SiteId, list.Id, contact.AddressKey), out var reason)
            && reason != SuppressionReason.Unsubscribed
                ? reason.ToRefusal()
            : domains.RefusalOf(AddressOf(contact)) is not null
                ? new Refusal(RefusalKind.Forbidden, "domain_refused", "No confirmation emails are sent to the domain of this address.")
            : null;
    }

    private static Resent NotPending(ContactList list) =>
        new Resent.Refused(
            new(RefusalKind.Conflict, "not_pending", $"The person is not being asked to confirm “{list.Name}”. They can sign up again.")
        );

    private static EmailAddress AddressOf(Contact contact) =>
        EmailAddress.Parse(contact.Address) ?? new EmailAddress(contact.Address, contact.AddressKey, contact.Address);
}
