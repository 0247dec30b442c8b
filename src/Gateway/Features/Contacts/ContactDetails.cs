using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>A contact with its standing on every list of the site, as the API answers it.</summary>
/// <param name="Name">What was confirmed; what waits for a confirmation does not show.</param>
/// <param name="Language">Two letters.</param>
/// <param name="Suppressed"><c>unsubscribed</c>, <c>bounced</c> or <c>complained</c> when nobody may write to the address; else
/// null.</param>
/// <param name="Flaw">What is doubtful about the address: <c>typo</c>, <c>disposable</c> or <c>role</c>; null when nothing.</param>
/// <param name="BounceDays">On how many days in a row mail came back for a reason that may pass; null when none did lately.</param>
/// <param name="AskedToStayOn">The last day, UTC, on which a mail was written that asks whether they stay; null when none was.</param>
internal sealed record ContactDetails(
    string Id,
    string Email,
    string? Name,
    string Language,
    IReadOnlyDictionary<string, string> Properties,
    DateTime CreatedAt,
    IReadOnlyList<ContactDetails.SubscriptionResponse> Subscriptions,
    string? Suppressed,
    string? Flaw,
    int? BounceDays,
    DateOnly? AskedToStayOn
)
{
    /// <param name="Status"><c>pending</c>, <c>confirmed</c>, <c>unsubscribed</c>, <c>cancelled</c>, <c>expired</c> or, when the site took
    /// the person off or mail to them came back, <c>removed</c>.</param>
    /// <param name="ConfirmedAt">When it was confirmed last.</param>
    /// <param name="HeldBack">Whether the confirmation mail waits, because too many went out already; it leaves by itself.</param>
    /// <param name="Remark">What a form's sign-up or the list's provider left out of the person, in a sentence; null when nothing.</param>
    /// <param name="LastSignOfLife">The last day, UTC, on which the person showed that they are there; null until they confirmed.</param>
    /// <param name="Mails">While it is pending: how many confirmation mails were written; else 0.</param>
    /// <param name="NextMailAt">While it is pending: when another one is possible, UTC; else null.</param>
    internal sealed record SubscriptionResponse(
        ListRef List,
        string Status,
        DateTime? ConfirmedAt,
        bool HeldBack,
        string? Remark,
        DateOnly? LastSignOfLife,
        int Mails,
        DateTime? NextMailAt
    );

    internal sealed record ListRef(string Id, string Name);
}

/// <summary>What others have to say about a person's subscriptions. Whoever leaves out what was told registers one.</summary>
internal interface ISubscriptionRemarks
{
    /// <returns>By list, a sentence without personal data.</returns>
    Task<Dictionary<Guid, string>> OfContactAsync(Guid contactId, CancellationToken ct);
}

/// <summary>Reads contacts of a site with all that belongs to them.</summary>
internal sealed class ContactReader(GatewayDb db, Suppressions suppressions, IEnumerable<ISubscriptionRemarks> remarks)
{
    /// <returns>Null when the site has no such contact.</returns>
    public async Task<ContactDetails?> FindAsync(Guid siteId, Guid contactId, CancellationToken ct) =>
        await db.Contacts.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId && one.Id == contactId, ct) is { } contact
            ? await WithAllAsync(contact, ct)
            : null;

    /// <inheritdoc cref="FindAsync(Guid, Guid, CancellationToken)"/>
    public async Task<ContactDetails?> FindAsync(Guid siteId, EmailAddress address, CancellationToken ct) =>
        await db.Contacts.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId && one.AddressKey == address.Key, ct)
            is { } contact
            ? await WithAllAsync(contact, ct)
            : null;

    private async Task<ContactDetails> WithAllAsync(Contact contact, CancellationToken ct)
    {
        var subscriptions = await (
            from subscription in db.Subscriptions.AsNoTracking()
            where subscription.ContactId == contact.Id
            join list in db.Lists.AsNoTracking() on subscription.ListId equals list.Id
            orderby list.Id
            select new
            {
                list.Id,
                list.Name,
                Subscription = subscription,
                IsPending = subscription.State == SubscriptionState.Pending,
            }
        ).ToListAsync(ct);
        var suppressed = await suppressions.FindAsync(SuppressionChannel.Email, [(contact.SiteId, contact.AddressKey)], ct);
        var remarked = new Dictionary<Guid, string>();
        foreach (var one in remarks)
        {
            foreach (var (list, remark) in await one.OfContactAsync(contact.Id, ct))
            {
                remarked[list] = remarked.TryGetValue(list, out var before) ? $"{before} {remark}" : remark;
            }
        }

        return new(
            PublicId.Format(PublicId.Contact, contact.Id),
            contact.Address,
            contact.Name,
            contact.Language,
            contact.KnownProperties(),
            contact.CreatedAt,
            [
                .. subscriptions.Select(one => new ContactDetails.SubscriptionResponse(
                    new(PublicId.Format(PublicId.List, one.Id), one.Name),
                    CaseConverter.Lower(one.Subscription.State.ToString()),
                    one.Subscription.ConfirmedAt,
                    one.IsPending && one.Subscription.IsHeldBack,
                    remarked.GetValueOrDefault(one.Id),
                    one.Subscription.LastSignOn,
                    one.IsPending ? one.Subscription.MailsSent : 0,
                    one.IsPending ? MailBudget.NextAt(one.Subscription) : null
                )),
            ],
            suppressed.TryGetValue((contact.SiteId, contact.AddressKey), out var reason) ? CaseConverter.Lower(reason.ToString()) : null,
            contact.Flaw is { } flaw ? CaseConverter.Lower(flaw.ToString()) : null,
            await db.SoftBounceRuns.Where(run => run.ContactId == contact.Id).Select(run => (int?)run.Days).SingleOrDefaultAsync(ct),
            await db
                .Repermissions.Where(one => one.ContactId == contact.Id)
                .Select(one => (DateOnly?)one.AskedOn)
                .SingleOrDefaultAsync(ct)
        );
    }
}
