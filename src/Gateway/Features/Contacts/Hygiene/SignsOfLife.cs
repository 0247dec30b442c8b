using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts.Hygiene;

/// <summary>Something that a mailbox or its owner did, on a day, UTC.</summary>
/// <param name="ListId">The list it is about; null for all that the person is on.</param>
internal sealed record SignOfLife(Guid SiteId, Guid ContactId, Guid? ListId, DateOnly Day);

/// <summary>
/// Writes down that people are there, or that mail to them comes back: of each only the last day, never a time. Nothing here is measured
/// with an image in a mail (<see cref="Subscription.LastSignOn"/> says what counts).
/// </summary>
internal sealed class SignsOfLife(GatewayDb db)
{
    /// <summary>Inside the caller's transaction. What is older than what is known changes nothing.</summary>
    public async Task SeenAsync(IReadOnlyCollection<SignOfLife> signs, CancellationToken ct)
    {
        var entity = db.Model.FindEntityType(typeof(Subscription))!;
        string[] columns = [nameof(Subscription.ContactId), nameof(Subscription.ListId), nameof(Subscription.LastSignOn)];

        // In one order, so that two workers do not wait for each other.
        List<Subscription> seen =
        [
            .. signs
                .GroupBy(sign => (sign.SiteId, sign.ContactId, sign.ListId), sign => sign.Day)
                .OrderBy(person => person.Key.ContactId)
                .Select(person => new Subscription
                {
                    SiteId = person.Key.SiteId,
                    ContactId = person.Key.ContactId,
                    ListId = person.Key.ListId ?? Guid.Empty,
                    LastSignOn = person.Max(),
                }),
        ];
        await db.RunForAsync(
            seen,
            [.. columns.Select(name => entity.FindProperty(name)!)],
            list =>
                $"""
                    update subscriptions set last_sign_on = given.column3
                    from ({list}) as given
                    where contact_id = given.column1 and (list_id = given.column2 or given.column2 = @all)
                        and state = 'confirmed' and (last_sign_on is null or last_sign_on < given.column3)
                    """,
            ct,
            read: null,
            db.Parameter("all", Guid.Empty)
        );
    }

    /// <summary>Mails reached these people, so what came back before is over. Inside the caller's transaction.</summary>
    public async Task ReachedAsync(IReadOnlyCollection<SignOfLife> reached, CancellationToken ct)
    {
        foreach (var sameDay in reached.GroupBy(one => one.Day, one => one.ContactId))
        {
            var (day, people) = (sameDay.Key, sameDay.Distinct().Order().ToList());
            await db.SoftBounceRuns.Where(run => people.Contains(run.ContactId) && run.LastOn <= day).ExecuteDeleteAsync(ct);
        }
    }

    /// <summary>
    /// Mails to these people came back for a reason that may pass. Inside the caller's transaction. Told late, after one of a later day, it
    /// does not count: nobody knows any more what arrived in between.
    /// </summary>
    public async Task CameBackAsync(IReadOnlyCollection<SignOfLife> returned, CancellationToken ct)
    {
        var rows = returned
            .Select(one => new SoftBounceRun
            {
                ContactId = one.ContactId,
                SiteId = one.SiteId,
                Days = 1,
                LastOn = one.Day,
            })
            .DistinctBy(run => (run.ContactId, run.LastOn))
            .OrderBy(run => run.ContactId)
            .ThenBy(run => run.LastOn);
        var entity = db.Model.FindEntityType(typeof(SoftBounceRun))!;
        string[] columns =
        [
            nameof(SoftBounceRun.ContactId),
            nameof(SoftBounceRun.SiteId),
            nameof(SoftBounceRun.Days),
            nameof(SoftBounceRun.LastOn),
        ];

        // One statement cannot touch a row twice, and nearly always there is one day.
        foreach (var sameDay in rows.GroupBy(run => run.LastOn).OrderBy(group => group.Key))
        {
            await db.RunForAsync(
                [.. sameDay],
                [.. columns.Select(name => entity.FindProperty(name)!)],
                list =>
                    $"""
                        insert into soft_bounce_runs (contact_id, site_id, days, last_on) select * from ({list}) as given where true
                        on conflict (contact_id) do update set
                            days = case when soft_bounce_runs.last_on < @forgotten then 1 else soft_bounce_runs.days + 1 end,
                            last_on = excluded.last_on
                        where soft_bounce_runs.last_on < excluded.last_on
                        """,
                ct,
                read: null,
                db.Parameter("forgotten", sameDay.Key.AddDays(-SoftBounceRun.KeptDays))
            );
        }
    }

    /// <summary>Forgets runs that ended long ago. Inside the caller's transaction.</summary>
    public Task TidyAsync(DateOnly today, CancellationToken ct)
    {
        var kept = today.AddDays(-SoftBounceRun.KeptDays);
        return db.SoftBounceRuns.Where(run => run.LastOn < kept).ExecuteDeleteAsync(ct);
    }
}
