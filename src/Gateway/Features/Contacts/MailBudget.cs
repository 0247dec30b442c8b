using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// At most three confirmation mails for each address and list in a week, with a growing pause between them, so that nobody can bomb an
/// address.
/// The statement that spends also counts: two replicas cannot both take the last one.
/// </summary>
internal sealed class MailBudget(GatewayDb db, TimeProvider clock)
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan AfterFirst = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterSecond = TimeSpan.FromHours(24);

    /// <returns>When somebody may ask for the next mail, UTC; a moment in the past when they may now.</returns>
    public static DateTime NextAt(Subscription subscription) =>
        (subscription.LastMailAt ?? DateTime.UnixEpoch)
        + subscription.MailsSent switch
        {
            0 => TimeSpan.Zero,
            1 => AfterFirst,
            2 => AfterSecond,
            _ => Week,
        };

    /// <returns>Those subscriptions to which a mail may go now; they are pending now, unless they were confirmed before.</returns>
    public async Task<HashSet<Guid>> SpendAsync(IReadOnlyList<Guid> subscriptions, CancellationToken ct)
    {
        if (subscriptions.Count == 0)
        {
            return [];
        }

        var now = clock.GetUtcNow().UtcDateTime;
        var ids = subscriptions.Select((id, at) => db.Parameter($"id{at}", id)).ToArray();
        var sql = $"""
            update subscriptions set
                mails_sent = case when last_mail_at <= @week then 1 else mails_sent + 1 end,
                last_mail_at = @now,
                is_held_back = false,
                updated_at = @now,
                state = case when state = 'confirmed' then state else 'pending' end
            where id in ({string.Join(", ", ids.Select(id => "@" + id.ParameterName.TrimStart('@')))})
                and state <> 'cancelled'
                and (last_mail_at is null or last_mail_at <= @week or (mails_sent = 0)
                    or (mails_sent = 1 and last_mail_at <= @afterFirst) or (mails_sent = 2 and last_mail_at <= @afterSecond))
            returning *
            """;
        var granted = await db
            .Subscriptions.FromSqlRaw(
                sql,
                [
                    .. ids,
                    db.Parameter("now", now),
                    db.Parameter("week", now - Week),
                    db.Parameter("afterFirst", now - AfterFirst),
                    db.Parameter("afterSecond", now - AfterSecond),
                ]
            )
            .AsNoTracking()
            .ToListAsync(ct);
        return [.. granted.Select(row => row.Id)];
    }
}
