using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>
/// Begins what somebody decided about a list; <see cref="WorkRounds"/> does it. Nothing else asks silent people or takes them off, or asks
/// many once more to confirm.
/// </summary>
internal sealed class HygieneRounds(
    GatewayDb db,
    AuditLog audit,
    HygieneFigures figures,
    RepermissionStore asked,
    ListMembers members,
    IOptions<HygieneOptions> options,
    Signal<WorkRounds> work,
    TimeProvider clock
)
{
    /// <summary>Everybody on the list who has been silent for so long is asked whether they stay.</summary>
    /// <param name="question">About this list.</param>
    /// <param name="actor">As the audit names them.</param>
    /// <returns>How many people that are now.</returns>
    public async Task<int> AskAsync(ContactList list, HygieneQuestion question, string actor, CancellationToken ct)
    {
        var people = await figures.CountToAskAsync(question, ct);
        if (people > 0)
        {
            await BeginAsync(list, HygieneDecision.Ask, question.SilentBefore, actor, ct);
        }

        return people;
    }

    /// <returns>How many were asked and did not answer in time.</returns>
    public async Task<int> CountUnansweredAsync(ContactList list, CancellationToken ct) =>
        (await asked.CountAsync([list.Id], options.Value.TooLate(clock), ct)).GetValueOrDefault(list.Id)?.Unanswered ?? 0;

    /// <summary>Whoever was asked and did not answer in time is taken off the list.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<int> RemoveUnansweredAsync(ContactList list, string actor, CancellationToken ct)
    {
        var people = await CountUnansweredAsync(list, ct);
        if (people > 0)
        {
            await BeginAsync(list, HygieneDecision.Remove, DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime), actor, ct);
        }

        return people;
    }

    /// <returns>How many were asked to confirm by one mail, so many days ago at least, and have not answered.</returns>
    public Task<int> CountAskedOnceAsync(ContactList list, int days, CancellationToken ct) =>
        members.CountAskedOnceAsync(list, Start(Before(days)), ct);

    /// <summary>Each of them gets another mail, as far as there is room for it.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<int> ResendAsync(ContactList list, int days, string actor, CancellationToken ct)
    {
        var people = await CountAskedOnceAsync(list, days, ct);
        if (people > 0)
        {
            await BeginAsync(list, HygieneDecision.Resend, Before(days), actor, ct);
        }

        return people;
    }

    /// <returns>The decision of this kind that goes on for a list at the moment; null when none does.</returns>
    public Task<HygieneRound?> RunningAsync(Guid listId, HygieneDecision decision, CancellationToken ct) =>
        db
            .HygieneRounds.AsNoTracking()
            .SingleOrDefaultAsync(round => round.ListId == listId && round.Decision == decision && round.EndedAt == null, ct);

    /// <returns>Midnight, UTC.</returns>
    public static DateTime Start(DateOnly day) => day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <summary>What was written before this day is so many days old at least.</summary>
    private DateOnly Before(int days) => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-days);

    private async Task BeginAsync(ContactList list, HygieneDecision decision, DateOnly silentBefore, string actor, CancellationToken ct)
    {
        await audit.RecordAsync(
            async () =>
            {
                var now = clock.GetUtcNow();
                db.OnCommitted(work.Wake);
                return await db.InsertNewAsync(
                        [
                            new HygieneRound
                            {
                                Id = Guid.CreateVersion7(now),
                                SiteId = list.SiteId,
                                ListId = list.Id,
                                Decision = decision,
                                SilentBefore = silentBefore,
                                Actor = actor,
                                CreatedAt = now.UtcDateTime,
                                DueAt = now.UtcDateTime,
                            },
                        ],
                        ct
                    ) > 0;
            },
            isNew =>
                isNew
                    ? new(
                        list.SiteId,
                        actor,
                        decision == HygieneDecision.Resend
                            ? "confirmations.resent"
                            : $"hygiene.{CaseConverter.Lower(decision.ToString())}",
                        PublicId.Format(PublicId.List, list.Id)
                    )
                    : null,
            ct
        );
    }
}

/// <summary>Decisions that were carried out.</summary>
internal sealed class SettledRounds(GatewayDb db) : SettledRows<HygieneRound>(db, round => round.EndedAt != null);

/// <summary>The queue of decisions about lists, and those that do not go on.</summary>
internal sealed class FailedRounds(GatewayDb db, Signal<WorkRounds> work, TimeProvider clock)
    : FailableQueueTable<HygieneRound>(db, clock, "hygiene", PublicId.HygieneRound, row => row.Failure != null)
{
    public override async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct)
    {
        if (change != new ReplayChange())
        {
            return "Only a submission can be replayed with another field or list.";
        }

        Db.OnCommitted(work.Wake);
        return Unless(
            await Db
                .HygieneRounds.Where(row => row.Id == id && row.Failure != null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.Failure, (string?)null)
                            .SetProperty(row => row.Failures, 0)
                            .SetProperty(row => row.DueAt, Now),
                    ct
                )
        );
    }

    public override Task SetAsideAsync(IQueryable<HygieneRound> rows, CancellationToken ct) =>
        rows.ExecuteUpdateAsync(
            set => set.SetProperty(row => row.Failure, ISetAside<HygieneRound>.Reason).SetProperty(row => row.DueAt, (DateTime?)null),
            ct
        );

    protected override IQueryable<FailedFact> Facts(IQueryable<HygieneRound> rows) =>
        rows.Select(row => new FailedFact
        {
            Id = row.Id,
            SiteId = row.SiteId,
            Code = row.Failure == ISetAside<HygieneRound>.Reason ? ISetAside<HygieneRound>.Code : "internal",
            Reason = row.Failure,
            Since = row.CreatedAt,
        });
}
