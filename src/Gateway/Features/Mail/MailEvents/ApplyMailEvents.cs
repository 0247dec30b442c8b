using Gateway.Features.Contacts;
using Gateway.Features.Mail.Rates;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>
/// The worker of events: brings messages further, and ends that people are written to whose mails came back or who want no more. All that
/// follows from a batch, and that it is done, is one transaction.
/// </summary>
internal sealed partial class ApplyMailEvents(
    GatewayDb db,
    Leases leases,
    ContactStore contacts,
    ListStore lists,
    SubscriptionStore subscriptions,
    RecordSuppression suppress,
    RecordSignsOfLife signs,
    MailRateStore rates,
    TimeProvider clock,
    ILogger<ApplyMailEvents> logger
) : IQueueWorker
{
    private const int Batch = 500;
    private const int MaxFailures = 5;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(10), Max: TimeSpan.FromMinutes(10));

    private static readonly string[] OutcomeColumns =
    [
        nameof(MailEvent.State),
        nameof(MailEvent.SiteId),
        nameof(MailEvent.Remark),
        nameof(MailEvent.Failures),
        nameof(MailEvent.DueAt),
    ];

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<MailEvent>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rows = await leases.TakeAsync<MailEvent>(Batch, Lease, ct);
        if (rows.Count > 0 && !await TryAsync(rows, ct))
        {
            // One of them spoils it for all: each by itself.
            foreach (var row in rows)
            {
                await TryAsync([row], ct);
            }
        }

        return rows.Count;
    }

    /// <returns>Whether it is stored what became of them.</returns>
    private async Task<bool> TryAsync(List<MailEvent> rows, CancellationToken ct)
    {
        try
        {
            await db.WriteAsync(() => ApplyAsync(rows, ct), ct);
            return true;
        }
        catch (Exception bug) when (bug is not OperationCanceledException && !bug.IsTransient())
        {
            db.ChangeTracker.Clear();
            if (rows is not [var row])
            {
                return false;
            }

            LogBug(row.Id, bug);
            row.Failures++;
            (row.State, row.DueAt, row.Remark) =
                row.Failures < MaxFailures
                    ? (MailEventState.Waiting, (clock.GetUtcNow() + Pace.After(row.Failures - 1)).UtcDateTime, row.Remark)
                    : (MailEventState.Failed, (DateTime?)null, "It could not be applied. The log says why.");
            await db.WriteAsync(() => StoreAsync(rows, ct), ct);
            return true;
        }
    }

    private async Task ApplyAsync(List<MailEvent> rows, CancellationToken ct)
    {
        var ids = rows.Select(row => row.MessageId).OfType<Guid>().ToHashSet();
        var messages = await db
            .Messages.AsNoTracking()
            .Where(message => ids.Contains(message.Id))
            .ToDictionaryAsync(message => message.Id, ct);
        var people = await contacts.GetManyAsync([.. messages.Values.Select(one => one.ContactId).OfType<Guid>().Distinct()], ct);

        var moves = new Dictionary<Guid, Message>();
        var counts = new List<(Guid MessageId, MailRate Count)>();
        var ends = new List<(MailEvent Row, DateTime Since, SuppressionCause Cause)>();
        var removals = new List<(MailEvent Row, Person Whom)>();
        foreach (var row in rows)
        {
            var named = row.MessageId is { } id ? messages.GetValueOrDefault(id) : null;
            var message = MessageOf(row, messages);
            (row.State, row.Remark, row.DueAt) = (MailEventState.Ignored, null, null);
            if (message is not null)
            {
                row.SiteId = message.SiteId;
                var before = message.State;
                if (Move(message, row))
                {
                    row.State = MailEventState.Applied;
                    moves[message.Id] = message;
                    if (MailRateStore.CountOf(message, before, row.Type) is { } count)
                    {
                        counts.Add((message.Id, count));
                    }
                }
            }

            if (MailEventRules.Suppresses(row.Type) is { } reason)
            {
                var whom =
                    message is not null ? RecipientOf(message, people)
                    : named is not null ? []
                    : row is { Type: MailEventType.Unsubscribed, ProviderList: not null } ? await OnListsAsync(row, ct)
                    : await AtSitesAsync(row, ct);
                row.State = whom.Count == 0 && message is null ? MailEventState.Unmatched : row.State;
                ends.AddRange(whom.Select(one => (row, SinceOf(row, message), CauseOf(row, reason, one, message))));
            }
            else if (row.Type == MailEventType.Removed)
            {
                var off = await OnListsAsync(row, ct);
                row.State = off.Count == 0 ? MailEventState.Unmatched : row.State;
                removals.AddRange(off.Select(one => (row, one)));
            }
            else if (message is null)
            {
                row.State = MailEventState.Unmatched;
            }
        }

        // In one order, so that two workers do not wait for each other.
        var complaints = new List<MailRate>();
        foreach (var (row, since, cause) in ends.OrderBy(end => end.Cause.SiteId).ThenBy(end => end.Cause.To.Key, StringComparer.Ordinal))
        {
            if (await IsOverAsync(since, cause.SiteId, cause.To, cause.ListId, ct))
            {
                row.Remark = "They confirmed afresh after it happened.";
                continue;
            }

            if (
                await suppress.RecordAsync(cause, ct)
                && cause is { Reason: SuppressionReason.Complained, MessageId: { } about }
                && MailRateStore.ComplaintOf(messages[about]) is { } complaint
            )
            {
                complaints.Add(complaint);
            }

            row.State = MailEventState.Applied;
        }

        foreach (var (row, whom) in removals.OrderBy(end => end.Whom.SiteId).ThenBy(end => end.Whom.Address.Key, StringComparer.Ordinal))
        {
            if (await IsOverAsync(row.OccurredAt, whom.SiteId, whom.Address, whom.ListId, ct))
            {
                row.Remark = "They confirmed afresh after it happened.";
                continue;
            }

            await suppress.RemoveAsync(whom.SiteId, whom.Address, whom.ListId!.Value, row.Provider, ct);
            row.State = MailEventState.Applied;
        }

        var moved = await MoveAsync([.. moves.Values], ct);
        await signs.RecordAsync(rows.ConvertAll(row => new ToldEvent(row, MessageOf(row, messages))), ct);
        await StoreAsync(rows, ct);
        await rates.AddAsync(complaints.Concat(counts.Where(one => moved.Contains(one.MessageId)).Select(one => one.Count)), ct);
    }

    private static Message? MessageOf(MailEvent row, Dictionary<Guid, Message> messages) =>
        row.MessageId is { } id && messages.TryGetValue(id, out var named) && IsOf(row, named) ? named : null;

    /// <summary>A source of one site says nothing about the messages of another.</summary>
    private static bool IsOf(MailEvent row, Message message) => row.SiteId == Guid.Empty || row.SiteId == message.SiteId;

    /// <returns>Whether the event brings the message further.</returns>
    private static bool Move(Message message, MailEvent row)
    {
        if (MailEventRules.Moves(row.Type) is not { } state || Rank(state) <= Rank(message.State))
        {
            return false;
        }

        if (state == MessageState.Delivered)
        {
            message.DeliveredAt = row.OccurredAt;
        }
        else
        {
            message.Answer = row.Detail ?? row.Code ?? message.Answer;
        }

        message.State = state;
        return true;
    }

    /// <summary>How far a message has got; what was never handed over gets nowhere by an event.</summary>
    private static int Rank(MessageState state) =>
        state switch
        {
            MessageState.Sent or MessageState.Unknown => 0,
            MessageState.Delivered => 1,
            MessageState.Bounced => 2,
            _ => int.MaxValue,
        };

    private Task<HashSet<Guid>> MoveAsync(List<Message> moved, CancellationToken ct)
    {
        // A mail that arrived is not handed over again because nobody had answered.
        moved.ForEach(message => (message.DueAt, message.Secrets, message.Variables) = (null, null, null));
        return db.UpdateAsync(
            moved,
            [
                nameof(Message.State),
                nameof(Message.Answer),
                nameof(Message.DeliveredAt),
                nameof(Message.DueAt),
                nameof(Message.Secrets),
                nameof(Message.Variables),
            ],
            // Of two gateways that are told the same, one has moved it.
            "messages.state in ('sent', 'unknown', 'delivered') and messages.state <> given.column2",
            ct
        );
    }

    /// <summary>Whom an event is about.</summary>
    /// <param name="ListId">The list that it is about, here; null for whatever the site sends.</param>
    private sealed record Person(Guid SiteId, EmailAddress Address, Guid? ListId);

    private static List<Person> RecipientOf(Message message, Dictionary<Guid, Contact> people)
    {
        var address = message.ContactId is { } id ? people.GetValueOrDefault(id)?.Address : message.Address;
        return message.IsInEarnest && EmailAddress.Parse(address) is { } to ? [new(message.SiteId, to, message.ListId)] : [];
    }

    /// <summary>
    /// Of an event that names no message that is here, but an address: the source's site; else the sites that know the address. That
    /// somebody does not exist holds at all of these; what they want holds where only one of them can be meant.
    /// </summary>
    private async Task<List<Person>> AtSitesAsync(MailEvent row, CancellationToken ct)
    {
        if (EmailAddress.Parse(row.Address) is not { } to)
        {
            return [];
        }

        if (row.SiteId != Guid.Empty)
        {
            return [new(row.SiteId, to, ListId: null)];
        }

        var sites = await contacts.SitesOfAsync(to.Key, ct);
        return row.Type == MailEventType.HardBounced || sites.Count == 1
            ? sites.ConvertAll(site => new Person(site, to, ListId: null))
            : [];
    }

    /// <summary>
    /// Of an event about a list at the provider: those lists here that are kept there, at the source's site or, where it has none, at all
    /// of them, as far as the person is known there.
    /// </summary>
    private async Task<List<Person>> OnListsAsync(MailEvent row, CancellationToken ct)
    {
        var found = new List<Person>();
        if (EmailAddress.Parse(row.Address) is not { } to)
        {
            return found;
        }

        foreach (var list in await lists.AtProviderAsync(row.Provider, row.ProviderList, ct))
        {
            if ((row.SiteId == Guid.Empty || row.SiteId == list.SiteId) && await contacts.FindAsync(list.SiteId, to, ct) is not null)
            {
                found.Add(new(list.SiteId, to, list.Id));
            }
        }

        return found;
    }

    private static SuppressionCause CauseOf(MailEvent row, SuppressionReason reason, Person whom, Message? message) =>
        new(whom.SiteId, whom.Address, reason, row.Provider, row.Detail ?? row.Code ?? "", message?.Id, whom.ListId);

    /// <summary>Providers' clocks are not ours, but nothing happens to a mail before it is sent.</summary>
    private static DateTime SinceOf(MailEvent row, Message? message) =>
        message?.SentAt is { } sent && sent > row.OccurredAt ? sent : row.OccurredAt;

    /// <summary>Whoever confirmed after it happened has an address that works and wants the mail.</summary>
    private async Task<bool> IsOverAsync(DateTime since, Guid siteId, EmailAddress to, Guid? listId, CancellationToken ct) =>
        await contacts.FindAsync(siteId, to, ct) is { } contact
        && (await subscriptions.OfContactAsync(contact.Id, ct)).Exists(one =>
            one.Subscription.ConfirmedAt > since && (listId is null || one.List.Id == listId)
        );

    private Task StoreAsync(List<MailEvent> rows, CancellationToken ct) =>
        db.UpdateLeasedAsync(rows, OutcomeColumns, "due_at is not null", ct);

    [LoggerMessage(LogLevel.Error, "Mail event {EventId} could not be applied")]
    private partial void LogBug(Guid eventId, Exception exception);
}
