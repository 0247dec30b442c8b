using System.Globalization;
using System.Runtime.CompilerServices;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts.Hygiene;

/// <summary>Why somebody on a list is worth a look. One person may be there for several reasons.</summary>
internal enum HygieneReason
{
    /// <summary>No sign of life for months (<see cref="Subscription.LastSignOn"/>).</summary>
    Silent,

    /// <summary>Mail to them came back again and again (<see cref="SoftBounceRun"/>).</summary>
    Bouncing,

    /// <inheritdoc cref="AddressFlaw.Typo"/>
    Typo,

    /// <inheritdoc cref="AddressFlaw.Disposable"/>
    Disposable,

    /// <inheritdoc cref="AddressFlaw.Role"/>
    Role,
}

/// <param name="ListId">Null for all lists of the site.</param>
/// <param name="Months">From so many months without a sign of life on somebody is silent.</param>
/// <param name="SilentBefore">The same as a day: whose last sign of life is before it is silent, UTC.</param>
internal sealed record HygieneQuestion(Guid SiteId, Guid? ListId, int Months, DateOnly SilentBefore)
{
    /// <summary>Six months: what mailing services advise, and what the word "inactive" means to most of them.</summary>
    public const int DefaultMonths = 6;

    public const int MaxMonths = 36;

    public static DateOnly Before(DateTimeOffset now, int months) => DateOnly.FromDateTime(now.UtcDateTime).AddMonths(-months);
}

/// <summary>Somebody who is on a list, confirmed, and worth a look.</summary>
/// <param name="Days">On how many days in a row mail came back; 0 where that is not the reason.</param>
internal sealed record HygieneRow(
    HygieneReason Reason,
    Guid SubscriptionId,
    Guid ContactId,
    Guid ListId,
    string Address,
    DateOnly? LastSignOn,
    int Days
);

/// <summary>Where a page ended, so that the next begins there however much is added meanwhile.</summary>
/// <param name="Day">The day of the last sign of life of the last row.</param>
internal sealed record HygienePlace(DateOnly Day, Guid ContactId, Guid SubscriptionId)
{
    public static HygienePlace After(HygieneRow row) => new(row.LastSignOn ?? DateOnly.MinValue, row.ContactId, row.SubscriptionId);

    /// <returns>Null when the text is none that <see cref="ToString"/> made.</returns>
    public static HygienePlace? Parse(string? text) =>
        text?.Split('-') is [var day, var contact, var subscription]
        && DateOnly.TryParseExact(day, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var on)
        && Guid.TryParseExact(contact, "N", out var contactId)
        && Guid.TryParseExact(subscription, "N", out var subscriptionId)
            ? new(on, contactId, subscriptionId)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Day:yyyyMMdd}-{ContactId:N}-{SubscriptionId:N}");
}

/// <summary>
/// Counts and lists who on a site's lists is worth a look. It removes nobody. Every question has an index that holds just the rows it is
/// about, and pages begin where the one before ended, so that it stays cheap beside a million people.
/// </summary>
internal sealed class HygieneReport(GatewayDb db, TimeProvider clock)
{
    private const int AtOnce = 1_000;

    /// <returns>How many are on the lists, confirmed.</returns>
    public Task<int> CountConfirmedAsync(HygieneQuestion asked, CancellationToken ct) => Confirmed(asked).CountAsync(ct);

    /// <returns>By list, how many are silent.</returns>
    public Task<Dictionary<Guid, int>> CountSilentAsync(HygieneQuestion asked, CancellationToken ct) =>
        Silent(asked)
            .GroupBy(one => one.ListId)
            .Select(same => new { same.Key, Count = same.Count() })
            .ToDictionaryAsync(one => one.Key, one => one.Count, ct);

    /// <returns>For every reason but silence, how many; a person on two lists counts twice.</returns>
    public async Task<IReadOnlyDictionary<HygieneReason, int>> CountOthersAsync(HygieneQuestion asked, CancellationToken ct)
    {
        var flaws = await (
            from contact in db.Contacts
            where contact.SiteId == asked.SiteId && contact.Flaw != null
            join subscription in OnLists(asked) on contact.Id equals subscription.ContactId
            group subscription by contact.Flaw into same
            select new { same.Key, Count = same.Count() }
        ).ToDictionaryAsync(one => one.Key!.Value, one => one.Count, ct);
        return new Dictionary<HygieneReason, int>
        {
            [HygieneReason.Bouncing] = await (
                from run in Runs(asked)
                join subscription in OnLists(asked) on run.ContactId equals subscription.ContactId
                select run
            ).CountAsync(ct),
            [HygieneReason.Typo] = flaws.GetValueOrDefault(AddressFlaw.Typo),
            [HygieneReason.Disposable] = flaws.GetValueOrDefault(AddressFlaw.Disposable),
            [HygieneReason.Role] = flaws.GetValueOrDefault(AddressFlaw.Role),
        };
    }

    /// <param name="after">Null for the first page.</param>
    /// <returns>The silent with the longest silence first, all others in the order in which they became contacts.</returns>
    public Task<List<HygieneRow>> PageAsync(
        HygieneQuestion asked,
        HygieneReason reason,
        HygienePlace? after,
        int limit,
        CancellationToken ct
    ) =>
        reason switch
        {
            HygieneReason.Silent => SilentAsync(asked, after, limit, ct),
            HygieneReason.Bouncing => BouncingAsync(asked, after, limit, ct),
            HygieneReason.Typo => FlawedAsync(asked, reason, AddressFlaw.Typo, after, limit, ct),
            HygieneReason.Disposable => FlawedAsync(asked, reason, AddressFlaw.Disposable, after, limit, ct),
            _ => FlawedAsync(asked, reason, AddressFlaw.Role, after, limit, ct),
        };

    /// <summary>All rows, read a thousand at a time while they are written elsewhere.</summary>
    public async IAsyncEnumerable<HygieneRow> AllAsync(
        HygieneQuestion asked,
        IEnumerable<HygieneReason> reasons,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        foreach (var reason in reasons)
        {
            HygienePlace? after = null;
            List<HygieneRow> page;
            do
            {
                page = await PageAsync(asked, reason, after, AtOnce, ct);
                foreach (var row in page)
                {
                    yield return row;
                }

                after = page.Count == 0 ? null : HygienePlace.After(page[^1]);
            } while (page.Count == AtOnce);
        }
    }

    private IQueryable<Subscription> Confirmed(HygieneQuestion asked) => OnLists(asked).Where(one => one.SiteId == asked.SiteId);

    /// <summary>
    /// Without the site: where a query begins with few contacts, its subscriptions are found by the contact, and by nothing else.
    /// </summary>
    private IQueryable<Subscription> OnLists(HygieneQuestion asked)
    {
        var confirmed = db.Subscriptions.AsNoTracking().Where(one => one.State == SubscriptionState.Confirmed);
        return asked.ListId is { } list ? confirmed.Where(one => one.ListId == list) : confirmed;
    }

    private IQueryable<Subscription> Silent(HygieneQuestion asked) => Confirmed(asked).Where(one => one.LastSignOn < asked.SilentBefore);

    private IQueryable<SoftBounceRun> Runs(HygieneQuestion asked)
    {
        var kept = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-SoftBounceRun.KeptDays);
        return db
            .SoftBounceRuns.AsNoTracking()
            .Where(run => run.SiteId == asked.SiteId && run.Days >= SoftBounceRun.Again && run.LastOn >= kept);
    }

    private async Task<List<HygieneRow>> SilentAsync(HygieneQuestion asked, HygienePlace? after, int limit, CancellationToken ct)
    {
        var silent = Silent(asked);
        if (after is var (day, _, id))
        {
            // Said twice, so that the index begins at the day.
            silent = silent.Where(one => one.LastSignOn >= day && (one.LastSignOn > day || one.Id > id));
        }

        return await (
            from subscription in silent.OrderBy(one => one.LastSignOn).ThenBy(one => one.Id).Take(limit)
            join contact in db.Contacts on subscription.ContactId equals contact.Id
            orderby subscription.LastSignOn, subscription.Id
            select new HygieneRow(
                HygieneReason.Silent,
                subscription.Id,
                contact.Id,
                subscription.ListId,
                contact.Address,
                subscription.LastSignOn,
                0
            )
        ).ToListAsync(ct);
    }

    private Task<List<HygieneRow>> BouncingAsync(HygieneQuestion asked, HygienePlace? after, int limit, CancellationToken ct)
    {
        var (person, id) = after is null ? (Guid.Empty, Guid.Empty) : (after.ContactId, after.SubscriptionId);
        return (
            from run in Runs(asked)
            where run.ContactId >= person
            join contact in db.Contacts on run.ContactId equals contact.Id
            join subscription in OnLists(asked) on run.ContactId equals subscription.ContactId
            where run.ContactId > person || subscription.Id > id
            orderby run.ContactId, subscription.Id
            select new HygieneRow(
                HygieneReason.Bouncing,
                subscription.Id,
                contact.Id,
                subscription.ListId,
                contact.Address,
                subscription.LastSignOn,
                run.Days
            )
        )
            .Take(limit)
            .ToListAsync(ct);
    }

    private Task<List<HygieneRow>> FlawedAsync(
        HygieneQuestion asked,
        HygieneReason reason,
        AddressFlaw flaw,
        HygienePlace? after,
        int limit,
        CancellationToken ct
    )
    {
        var (person, id) = after is null ? (Guid.Empty, Guid.Empty) : (after.ContactId, after.SubscriptionId);
        return (
            from contact in db.Contacts
            where contact.SiteId == asked.SiteId && contact.Flaw == flaw && contact.Id >= person
            join subscription in OnLists(asked) on contact.Id equals subscription.ContactId
            where contact.Id > person || subscription.Id > id
            orderby contact.Id, subscription.Id
            select new HygieneRow(reason, subscription.Id, contact.Id, subscription.ListId, contact.Address, subscription.LastSignOn, 0)
        )
            .Take(limit)
            .ToListAsync(ct);
    }
}
