using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Rates;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// The worker of what was decided about lists: asks or takes off some people of each, and then it is the next list's turn. What it did and
/// how far it has got are one transaction.
/// </summary>
internal sealed partial class WorkRounds(
    GatewayDb db,
    Leases leases,
    ListStore lists,
    RepermissionStore asked,
    ListMembers members,
    AskSilent ask,
    ResendConfirmation resend,
    SubscriptionStore subscriptions,
    EndSubscription end,
    Outages outages,
    IOptions<HygieneOptions> options,
    TimeProvider clock,
    ILogger<WorkRounds> logger
) : IQueueWorker
{
    /// <summary>Lists of so many sites side by side.</summary>
    private const int Batch = 4;

    private const int MostAskedAtOnce = 200;
    private const int RemovedAtOnce = 50;
    private const int ResentAtOnce = 20;

    /// <summary>
    /// After so many tries in a row that failed a round stands as failed: with these pauses after about a quarter of an hour.
    /// </summary>
    private const int MaxFailures = 5;

    private static readonly Backoff Pace = new(First: TimeSpan.FromMinutes(1), Max: TimeSpan.FromHours(1));
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    /// <summary>So long nobody more is asked while bulk mail of the site is stopped.</summary>
    private static readonly TimeSpan Braked = TimeSpan.FromMinutes(10);

    private static readonly string[] Progress =
    [
        nameof(HygieneRound.Done),
        nameof(HygieneRound.AfterDay),
        nameof(HygieneRound.AfterId),
        nameof(HygieneRound.EndedAt),
        nameof(HygieneRound.DueAt),
        nameof(HygieneRound.Failures),
        nameof(HygieneRound.Failure),
    ];

    private int AskedAtOnce => Math.Min(MostAskedAtOnce, options.Value.MailsPerHour);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<HygieneRound>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct)
    {
        var rounds = await leases.TakeAsync<HygieneRound>(Batch, Lease, ct);
        foreach (var round in rounds)
        {
            await WorkAsync(round, ct);
        }

        return rounds.Count;
    }

    /// <summary>One round must not hold up the others.</summary>
    private async Task WorkAsync(HygieneRound round, CancellationToken ct)
    {
        var (failures, done, place) = (round.Failures, round.Done, (round.AfterDay, round.AfterId));
        try
        {
            round.Failures = 0;
            await (
                round.Decision switch
                {
                    HygieneDecision.Ask => AskAsync(round, ct),
                    HygieneDecision.Resend => ResendAsync(round, ct),
                    _ => RemoveAsync(round, ct),
                }
            );
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogFailed(round.Id, failed);
            (round.Failures, round.Done, round.EndedAt) = (failures + 1, done, null);
            (round.AfterDay, round.AfterId) = place;
            (round.DueAt, round.Failure) =
                round.Failures < MaxFailures
                    ? ((DateTime?)(Now + Pace.After(failures)), (string?)null)
                    : (null, "It could not be carried out, time after time. The log says why.");
            await db.WriteAsync(() => StoreAsync(round, ct), ct);
        }
    }

    private async Task AskAsync(HygieneRound round, CancellationToken ct)
    {
        if (await WaitsForBrakeAsync(round, ct))
        {
            return;
        }

        // Read before the transaction, since it may have to pass many who were asked: the statement that notes who is asked decides.
        var (done, list) = (round.Done, await lists.FindAsync(round.ListId, ct));
        var people = list is null
            ? []
            : await asked.ToAskAsync(list, round.SilentBefore, (round.AfterDay, round.AfterId), AskedAtOnce, ct);
        await db.WriteAsync(
            async () =>
            {
                round.Done = done + (people.Count == 0 ? 0 : await ask.AskAsync(list!, people, ct));
                if (people is [.., var last])
                {
                    (round.AfterDay, round.AfterId) = (last.LastSignOn, last.SubscriptionId);
                }

                GoOn(round, people.Count == AskedAtOnce, TimeSpan.FromHours((double)AskedAtOnce / options.Value.MailsPerHour));
                await StoreAsync(round, ct);
            },
            ct
        );
    }

    private async Task RemoveAsync(HygieneRound round, CancellationToken ct)
    {
        var (done, after, tooLate) = (round.Done, round.AfterId, options.Value.TooLate(clock));
        await db.WriteAsync(
            async () =>
            {
                var people = await asked.UnansweredAsync(round.ListId, tooLate, after, RemovedAtOnce, ct);
                await subscriptions.LockAsync([.. people.Select(one => one.SubscriptionId)], ct);

                // Whoever pressed "stay" while we waited for the rows has answered.
                var still = await asked.UnansweredAsync(round.ListId, tooLate, after, RemovedAtOnce, ct);
                var silent = people.FindAll(one => still.Exists(now => now.ContactId == one.ContactId));
                foreach (var one in silent)
                {
                    await end.RemoveAsync(one.ContactId, one.ListId, ct, because: new(round.Actor, WhyOf(one)));
                }

                round.Done = done + silent.Count;
                round.AfterId = people is [.., var last] ? last.ContactId : after;
                GoOn(round, people.Count == RemovedAtOnce, TimeSpan.Zero);
                await StoreAsync(round, ct);
            },
            ct
        );
    }

    /// <summary>
    /// Whoever there is no room for is passed over, and can be asked by hand; where the site itself has no room left, the rest waits for
    /// it.
    /// </summary>
    private async Task ResendAsync(HygieneRound round, CancellationToken ct)
    {
        if (await WaitsForBrakeAsync(round, ct))
        {
            return;
        }

        var (done, after, list) = (round.Done, round.AfterId, await lists.FindAsync(round.ListId, ct));
        var people = list is null
            ? []
            : await members.AskedOnceAsync(list, HygieneRounds.Start(round.SilentBefore), after, ResentAtOnce, ct);
        await resend.LookUpAsync(people.Select(one => one.Value), ct);
        await db.WriteAsync(
            async () =>
            {
                (round.Done, round.AfterId) = (done, after);
                GoOn(round, people.Count == ResentAtOnce, TimeSpan.Zero);
                await subscriptions.LockAsync([.. people.Select(one => one.Key)], ct);
                foreach (var (subscription, contact) in people)
                {
                    var outcome = await resend.ResendInTurnAsync(contact, list!, seen: 1, ct);
                    if (outcome is Resent.NoRoom { IsOfSite: true, At: var at })
                    {
                        (round.DueAt, round.EndedAt) = (at, null);
                        break;
                    }

                    round.Done += outcome is Resent.Now ? 1 : 0;
                    round.AfterId = subscription;
                }

                await StoreAsync(round, ct);
            },
            ct
        );
    }

    /// <returns>Whether it goes on later, since bulk mail of the site is stopped.</returns>
    private async Task<bool> WaitsForBrakeAsync(HygieneRound round, CancellationToken ct)
    {
        var isStopped = (await outages.DecidedAsync(WatchRates.BrakeCode, ct)).Contains(MailConnections.Bulk(round.SiteId));
        if (isStopped)
        {
            round.DueAt = Now + Braked;
            await db.WriteAsync(() => StoreAsync(round, ct), ct);
        }

        return isStopped;
    }

    private string WhyOf(Repermission asked) =>
        string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"Asked on {asked.SentAt:yyyy-MM-dd} whether they stay, the person did not answer within {options.Value.AnswerDays} days."
        );

    private void GoOn(HygieneRound round, bool hasMore, TimeSpan pause) =>
        (round.DueAt, round.EndedAt) = hasMore ? ((DateTime?)(Now + pause), (DateTime?)null) : (null, Now);

    /// <summary>Whoever has the row by now does the rest; what both did was done once.</summary>
    private Task StoreAsync(HygieneRound round, CancellationToken ct) => db.UpdateLeasedAsync([round], Progress, "ended_at is null", ct);

    [LoggerMessage(LogLevel.Error, "The decision {RoundId} about a list could not be carried out; it will be tried again")]
    private partial void LogFailed(Guid roundId, Exception exception);
}
