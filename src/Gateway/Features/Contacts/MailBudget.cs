using Gateway.Infrastructure.Data;

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
    public static DateTime NextAt(Subscription subscription) => NextAt(subscription.MailsSent, subscription.LastMailAt);

    /// <inheritdoc cref="NextAt(Subscription)"/>
    public static DateTime NextAt(int mails, DateTime? lastMailAt) =>
        (lastMailAt ?? DateTime.UnixEpoch)
        + mails switch
        {
            0 => TimeSpan.Zero,
            1 => AfterFirst,
            2 => AfterSecond,
            _ => Week,
        };

    /// <summary>The first mail may always go; whoever adds the subscription stores that it does.</summary>
    public static Subscription WithFirst(Subscription subscription)
    {
        (subscription.MailsSent, subscription.LastMailAt) = (1, subscription.UpdatedAt);
        return subscription;
    }

    /// <returns>Those subscriptions to which a mail may go now; they are pending now, unless they were confirmed before.</returns>
    public async Task<HashSet<Guid>> SpendAsync(IReadOnlyList<Subscription> subscriptions, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var granted = new HashSet<Guid>();
        await db.RunForAsync(
            subscriptions,
            [db.Model.FindEntityType(typeof(Subscription))!.FindProperty(nameof(Subscription.Id))!],
            list =>
                $"""
                    update subscriptions set
                        mails_sent = case when last_mail_at <= @week then 1 else mails_sent + 1 end,
                        last_mail_at = @now,
                        is_held_back = false,
                        updated_at = @now,
                        state = case when state = 'confirmed' then state else 'pending' end
                    where id in ({list})
                        and state <> 'cancelled'
                        and (last_mail_at is null or last_mail_at <= @week or (mails_sent = 0)
                            or (mails_sent = 1 and last_mail_at <= @afterFirst) or (mails_sent = 2 and last_mail_at <= @afterSecond))
                    returning id
                    """,
            ct,
            reader => granted.Add(reader.GetGuid(0)),
            db.Parameter("now", now),
            db.Parameter("week", now - Week),
            db.Parameter("afterFirst", now - AfterFirst),
            db.Parameter("afterSecond", now - AfterSecond)
        );
        return granted;
    }
}
