using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts.Hygiene;

/// <param name="Waiting">Their mail has not left yet, or there is time left to answer it.</param>
/// <param name="Unanswered">Their mail left, and the time is over without an answer.</param>
internal sealed record RepermissionCounts(int Waiting, int Unanswered);

/// <summary>A mail that asked somebody.</summary>
/// <param name="AskedOn">When it was written, UTC.</param>
internal sealed record AskingMail(Guid ContactId, DateOnly AskedOn);

/// <summary>Somebody who may be asked whether they stay.</summary>
/// <param name="LastSignOn">UTC.</param>
internal sealed record SilentPerson(Guid SubscriptionId, Guid ContactId, string AddressKey, DateOnly LastSignOn);

/// <summary>Knows whom a mail asked whether they stay, and whom it may ask.</summary>
internal sealed class RepermissionStore(GatewayDb db, TimeProvider clock)
{
    private DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <returns>By list, how many are silent and were asked within twelve months: the rest of the silent may be asked.</returns>
    public Task<Dictionary<Guid, int>> CountAskedAsync(HygieneQuestion question, CancellationToken ct)
    {
        // Both from an index that holds just them: whoever was asked, and whoever is silent.
        var again = Today.AddMonths(-Repermission.AgainMonths);
        return (
            from asked in db.Repermissions
            where asked.SiteId == question.SiteId && asked.AskedOn > again
            join subscription in db.Subscriptions on asked.ContactId equals subscription.ContactId
            where
                subscription.SiteId == question.SiteId
                && subscription.State == SubscriptionState.Confirmed
                && subscription.LastSignOn < question.SilentBefore
            group subscription by subscription.ListId into same
            select new { same.Key, Count = same.Count() }
        ).ToDictionaryAsync(one => one.Key, one => one.Count, ct);
    }

    /// <summary>Who is to be asked, the longest silence first.</summary>
    /// <param name="after">Where the ones before ended.</param>
    public async Task<List<SilentPerson>> ToAskAsync(
        ContactList list,
        DateOnly silentBefore,
        (DateOnly Day, Guid SubscriptionId) after,
        int limit,
        CancellationToken ct
    )
    {
        var (day, id) = after;
        return await (
            from subscription in ToAsk(list, silentBefore)
            where subscription.LastSignOn >= day && (subscription.LastSignOn > day || subscription.Id > id)
            join contact in db.Contacts on subscription.ContactId equals contact.Id
            orderby subscription.LastSignOn, subscription.Id
            select new SilentPerson(subscription.Id, contact.Id, contact.AddressKey, subscription.LastSignOn!.Value)
        )
            .Take(limit)
            .ToListAsync(ct);
    }

    /// <summary>
    /// Notes that these people are asked, inside the transaction that writes their mails. One statement decides, so that of two gateways,
    /// or of a try and its repeat, one asks.
    /// </summary>
    /// <returns>The contacts that are asked now; the others were within twelve months.</returns>
    public async Task<HashSet<Guid>> AskAsync(IEnumerable<Repermission> asked, CancellationToken ct)
    {
        var entity = db.Model.FindEntityType(typeof(Repermission))!;
        string[] columns =
        [
            nameof(Repermission.ContactId),
            nameof(Repermission.SiteId),
            nameof(Repermission.ListId),
            nameof(Repermission.SubscriptionId),
            nameof(Repermission.AskedOn),
        ];
        var granted = new HashSet<Guid>();
        await db.RunForAsync(
            [.. asked.OrderBy(one => one.ContactId)],
            [.. columns.Select(name => entity.FindProperty(name)!)],
            list =>
                $"""
                    insert into repermissions (contact_id, site_id, list_id, subscription_id, asked_on)
                    select * from ({list}) as given where true
                    on conflict (contact_id) do update set
                        list_id = excluded.list_id,
                        subscription_id = excluded.subscription_id,
                        asked_on = excluded.asked_on,
                        sent_at = null
                    where repermissions.asked_on <= @again
                    returning contact_id
                    """,
            ct,
            reader => granted.Add(reader.GetGuid(0)),
            db.Parameter("again", Today.AddMonths(-Repermission.AgainMonths))
        );
        return granted;
    }

    /// <returns>The last time that the person was asked; null when they never were.</returns>
    public Task<Repermission?> FindAsync(Guid contactId, CancellationToken ct) =>
        db.Repermissions.AsNoTracking().SingleOrDefaultAsync(one => one.ContactId == contactId, ct);

    /// <summary>These mails left: now their time begins. Inside the caller's transaction.</summary>
    public async Task LeftAsync(IEnumerable<AskingMail> mails, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        foreach (var sameDay in mails.GroupBy(mail => mail.AskedOn, mail => mail.ContactId))
        {
            var (day, people) = (sameDay.Key, sameDay.Order().ToList());
            await db
                .Repermissions.Where(one => people.Contains(one.ContactId) && one.AskedOn == day)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.SentAt, (DateTime?)now), ct);
        }
    }

    /// <param name="tooLate">Whose mail left until then has no time left to answer, UTC.</param>
    /// <returns>By list; nothing of a list where nobody was asked.</returns>
    public Task<Dictionary<Guid, RepermissionCounts>> CountAsync(
        IReadOnlyCollection<Guid> listIds,
        DateTime tooLate,
        CancellationToken ct
    ) =>
        Silent(listIds)
            .GroupBy(one => one.ListId)
            .Select(same => new
            {
                same.Key,
                Waiting = same.Count(one => one.SentAt == null || one.SentAt > tooLate),
                Unanswered = same.Count(one => one.SentAt <= tooLate),
            })
            .ToDictionaryAsync(one => one.Key, one => new RepermissionCounts(one.Waiting, one.Unanswered), ct);

    /// <summary>Who did not answer in time and is on the list still.</summary>
    /// <param name="tooLate">See <see cref="CountAsync"/>.</param>
    /// <param name="after">The last contact of those before; <see cref="Guid.Empty"/> to begin.</param>
    public Task<List<Repermission>> UnansweredAsync(Guid listId, DateTime tooLate, Guid after, int limit, CancellationToken ct) =>
        Silent([listId])
            .Where(one => one.SentAt <= tooLate && one.ContactId > after)
            .OrderBy(one => one.ContactId)
            .Take(limit)
            .ToListAsync(ct);

    /// <summary>
    /// Asked, still on the list, and without a sign of life or a new consent since. A consent may be older than the question, and reach us
    /// after it.
    /// </summary>
    private IQueryable<Repermission> Silent(IReadOnlyCollection<Guid> listIds) =>
        from asked in db.Repermissions.AsNoTracking()
        where listIds.Contains(asked.ListId)
        join subscription in db.Subscriptions on asked.SubscriptionId equals subscription.Id
        where
            subscription.State == SubscriptionState.Confirmed
            && subscription.LastSignOn < asked.AskedOn
            && (asked.SentAt == null || subscription.ConfirmedAt == null || subscription.ConfirmedAt < asked.SentAt)
        select asked;

    private IQueryable<Subscription> ToAsk(ContactList list, DateOnly silentBefore)
    {
        var (again, asked) = (Today.AddMonths(-Repermission.AgainMonths), db.Repermissions);
        return db
            .Subscriptions.AsNoTracking()
            .Where(one =>
                one.SiteId == list.SiteId
                && one.ListId == list.Id
                && one.State == SubscriptionState.Confirmed
                && one.LastSignOn < silentBefore
                && !asked.Any(before => before.ContactId == one.ContactId && before.AskedOn > again)
            );
    }
}
