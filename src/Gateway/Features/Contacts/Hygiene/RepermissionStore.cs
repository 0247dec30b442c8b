using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts.Hygiene;

/// <param name="Waiting">Asked, and their link still works.</param>
/// <param name="Unanswered">Asked, and the time is over without an answer.</param>
internal sealed record RepermissionCounts(int Waiting, int Unanswered);

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
        // From the few who were asked to their subscriptions, and not through all who are silent.
        var again = Today.AddMonths(-Repermission.AgainMonths);
        return (
            from asked in db.Repermissions
            where asked.SiteId == question.SiteId && asked.AskedOn > again
            join subscription in db.Subscriptions on asked.ContactId equals subscription.ContactId
            where subscription.State == SubscriptionState.Confirmed && subscription.LastSignOn < question.SilentBefore
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
            nameof(Repermission.ExpiresAt),
        ];
        var granted = new HashSet<Guid>();
        await db.RunForAsync(
            [.. asked.OrderBy(one => one.ContactId)],
            [.. columns.Select(name => entity.FindProperty(name)!)],
            list =>
                $"""
                    insert into repermissions (contact_id, site_id, list_id, subscription_id, asked_on, expires_at)
                    select * from ({list}) as given where true
                    on conflict (contact_id) do update set
                        list_id = excluded.list_id,
                        subscription_id = excluded.subscription_id,
                        asked_on = excluded.asked_on,
                        expires_at = excluded.expires_at
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

    public async Task<RepermissionCounts> CountAsync(Guid listId, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var silent = Silent(listId);
        return new(await silent.CountAsync(one => one.ExpiresAt > now, ct), await silent.CountAsync(one => one.ExpiresAt <= now, ct));
    }

    /// <summary>Who did not answer in time and is on the list still.</summary>
    /// <param name="after">The last contact of those before; <see cref="Guid.Empty"/> to begin.</param>
    public Task<List<Repermission>> UnansweredAsync(Guid listId, Guid after, int limit, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return Silent(listId)
            .Where(one => one.ExpiresAt <= now && one.ContactId > after)
            .OrderBy(one => one.ContactId)
            .Take(limit)
            .ToListAsync(ct);
    }

    /// <summary>Asked, still on the list, and without a sign of life since.</summary>
    private IQueryable<Repermission> Silent(Guid listId) =>
        from asked in db.Repermissions.AsNoTracking()
        where asked.ListId == listId
        join subscription in db.Subscriptions on asked.SubscriptionId equals subscription.Id
        where subscription.State == SubscriptionState.Confirmed && subscription.LastSignOn < asked.AskedOn
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
