using Gateway.Features.Contacts;
using Gateway.Features.Mail;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>The worker of submissions: understands each and starts the confirmations it asks for, a batch in one transaction.</summary>
internal sealed partial class ProcessSubmissions(
    GatewayDb db,
    Leases leases,
    FreshSubmissions fresh,
    FreshMails mails,
    SiteStore siteStore,
    ListStore listStore,
    StartOptIn optIn,
    SubmissionAddresses addresses,
    Events events,
    BudgetKeys keys,
    ILogger<ProcessSubmissions> logger
) : IFreshQueueWorker
{
    private const int Batch = 250;

    private const int SmallBatch = 50;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    /// <summary>
    /// After so many leases that all ended in a bug or a crash, the row stands as failed instead of coming back for ever.
    /// </summary>
    private const int MaxAttempts = 20;

    /// <summary>A batch is as large as there is room in memory for the mails that come of it, but not smaller than a small one.</summary>
    private int Most => Math.Clamp(mails.Free, SmallBatch, Batch);

    public Task<DateTime?> NextDueAsync(CancellationToken ct) => leases.NextDueAsync<Submission>(ct);

    public async Task<int> RunBatchAsync(CancellationToken ct) => await RunAsync(await leases.TakeAsync<Submission>(Most, Lease, ct), ct);

    public Task<int> RunFreshBatchAsync(CancellationToken ct) => RunAsync(fresh.Take(Most), ct);

    private async Task<int> RunAsync(List<Submission> rows, CancellationToken ct)
    {
        if (rows.Count == 0)
        {
            return 0;
        }

        var plans = await PlanAsync(rows, ct);
        await optIn.LookUpAsync(plans.SelectMany(plan => plan.Plan.Commands).Select(command => command.Address), ct);
        try
        {
            await CarryOutAsync(plans, ct);
            leases.Settled();
        }
        catch (Exception failed) when (failed is LostLease || (rows.Count > 1 && failed is not OperationCanceledException))
        {
            // One row must not hold up its neighbours: a lost lease, or something the database refuses.
            LogBatchFailed(rows.Count, failed);
            foreach (var plan in plans)
            {
                await CarryOutAloneAsync(plan, ct);
            }
        }

        return rows.Count;
    }

    private async Task<List<(Submission Row, SubmissionPlan Plan, Site Site)>> PlanAsync(List<Submission> rows, CancellationToken ct)
    {
        var siteIds = rows.Select(row => row.SiteId).Distinct().ToList();
        var sites = await siteStore.GetManyAsync(siteIds, ct);
        var lists = (await listStore.OfSitesAsync(siteIds, ct)).ToLookup(list => list.SiteId);
        var listsOf = siteIds.ToDictionary(
            id => id,
            IReadOnlyDictionary<Guid, ContactList> (id) => lists[id].ToDictionary(list => list.Id)
        );
        return [.. rows.Select(row => (row, SubmissionPlan.For(row, sites[row.SiteId], listsOf[row.SiteId], keys), sites[row.SiteId]))];
    }

    private Task CarryOutAsync(IReadOnlyList<(Submission Row, SubmissionPlan Plan, Site Site)> plans, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                await FinishAsync(plans, ct);
                await RefuseAsync(await optIn.StartAsync([.. plans.SelectMany(plan => plan.Plan.Commands)], ct), ct);
                await addresses.AddAsync([.. plans.Select(plan => plan.Row)], ct);
                await events.WriteAsync(db, [.. plans.Where(plan => plan.Site.TellSubmissions).Select(Received)], ct);
            },
            ct
        );

    private async Task CarryOutAloneAsync((Submission Row, SubmissionPlan Plan, Site Site) plan, CancellationToken ct)
    {
        try
        {
            await CarryOutAsync([plan], ct);
        }
        catch (LostLease)
        {
            // Another worker has it now.
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogRowFailed(plan.Row.Id, failed);
            if (plan.Row.Attempts >= MaxAttempts)
            {
                await CarryOutAsync(
                    [(plan.Row, new([], new("internal", "It could not be processed, time after time. The log says why.")), plan.Site)],
                    ct
                );
            }
        }
    }

    /// <summary>Finishes every row of the batch or none: a row that another worker took in the meantime undoes the transaction.</summary>
    private async Task FinishAsync(IReadOnlyList<(Submission Row, SubmissionPlan Plan, Site Site)> plans, CancellationToken ct)
    {
        var finished = 0;
        foreach (var group in plans.GroupBy(plan => (plan.Row.Attempts, plan.Plan.Failure)))
        {
            var ids = group.Select(plan => plan.Row.Id).ToList();
            var (attempts, failure) = group.Key;
            finished += await db
                .Submissions.Where(row => ids.Contains(row.Id) && row.Attempts == attempts && row.DueAt != null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, failure == null ? SubmissionState.Done : SubmissionState.Failed)
                            .SetProperty(row => row.FailureCode, failure == null ? null : failure.Code)
                            .SetProperty(row => row.Failure, failure == null ? null : failure.Reason)
                            .SetProperty(row => row.Visitor, row => failure == null ? null : row.Visitor)
                            .SetProperty(row => row.DueAt, (DateTime?)null),
                    ct
                );
        }

        if (finished != plans.Count)
        {
            throw new LostLease();
        }
    }

    /// <summary>
    /// The visitor got the same answer as everybody. Here it shows that no mail went out, so that whoever is asked "where is my mail?"
    /// finds out, and can lift what stands in the way and replay it.
    /// </summary>
    private async Task RefuseAsync(IReadOnlyList<RefusedOptIn> refused, CancellationToken ct)
    {
        foreach (var group in refused.Where(one => one.Command.SubmissionId is not null).GroupBy(one => one.Reason))
        {
            var ids = group.Select(one => one.Command.SubmissionId!.Value).Distinct().ToList();
            var reason = ReasonOf(group.Key);
            await db
                .Submissions.Where(row => ids.Contains(row.Id) && row.FailureCode == null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(row => row.State, SubmissionState.Failed)
                            .SetProperty(row => row.FailureCode, RefusedSubmissions.Code)
                            .SetProperty(row => row.Failure, reason),
                    ct
                );
        }
    }

    private static string ReasonOf(NoContactReason refusal) =>
        refusal switch
        {
            NoContactReason.Bounced => "Nothing was sent: mail to this address came back before. An operator can lift that; then replay.",
            NoContactReason.Complained =>
                "Nothing was sent: the owner of this address complained about mail before. An operator can lift that; then replay.",
            _ =>
                "Nothing was sent: the person answered \"this wasn't me\" to a mail of this list before. An operator can lift that; then "
                    + "replay.",
        };

    /// <summary>It has the submission's id: a replay does not tell it twice, and whoever erases the submission finds it.</summary>
    private Event Received((Submission Row, SubmissionPlan Plan, Site Site) plan) =>
        events.Of(
            EventTypes.SubmissionReceived,
            plan.Site.Id,
            null,
            new
            {
                submission = PublicId.Format(PublicId.Submission, plan.Row.Id),
                receivedAt = plan.Row.ReceivedAt,
                content = System.Text.Json.Nodes.JsonNode.Parse(plan.Row.Body),
            },
            plan.Row.Id
        );

    private sealed class LostLease : Exception;

    [LoggerMessage(LogLevel.Warning, "A batch of {Count} submissions could not be processed together; they are tried one by one")]
    private partial void LogBatchFailed(int count, Exception exception);

    [LoggerMessage(LogLevel.Error, "Submission {SubmissionId} could not be processed; it will be tried again")]
    private partial void LogRowFailed(Guid submissionId, Exception exception);
}
