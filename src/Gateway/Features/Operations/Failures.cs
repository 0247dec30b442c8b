using System.Text;
using Gateway.Features.Hooks;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Operations;

/// <param name="Id">Of the submission (<c>sub_…</c>), message (<c>msg_…</c>), SMS (<c>sms_…</c>), list sync (<c>syn_…</c>) or delivery to a hook (<c>dlv_…</c>).</param>
/// <param name="Body">A submission's JSON as it came in.</param>
internal sealed record Failure(string Id, string Site, string Code, string Reason, DateTime Since, string? Body = null);

/// <summary>Everything that ended badly stands here until somebody decides: nothing accepted is ever lost.</summary>
internal sealed class Failures(
    GatewayDb db, AuditLog audit, ListWishes wishes, Nudge<ProcessSubmissions> submissions, Nudge<SendMessages> mail, Nudge<SyncLists> lists, SettleSms sms,
    ReplayDelivery deliveries, TimeProvider clock)
{
    private const string Sync = "syn";

    /// <param name="limit">How many of each kind at the most, the newest first.</param>
    /// <param name="sites">Of these sites alone; null is all.</param>
    public async Task<List<Failure>> ListAsync(int limit, CancellationToken ct, IReadOnlyList<Guid>? sites = null)
    {
        var failed = await Submissions().Where(row => sites == null || sites.Contains(row.SiteId)).OrderByDescending(row => row.Id).Take(limit).Select(row => new { row.Id, row.SiteId, row.FailureCode, row.Failure, row.ReceivedAt }).ToListAsync(ct);
        var mails = await Messages().Where(row => sites == null || sites.Contains(row.SiteId)).OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
        var syncs = await Syncs().Where(row => sites == null || sites.Contains(row.SiteId)).OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
        var texts = await Sms().Where(row => sites == null || sites.Contains(row.SiteId)).OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
        var untold = await Deliveries().Where(row => sites == null || sites.Contains(row.SiteId)).OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
        return [
            .. failed.Select(row => new Failure(PublicId.Format(PublicId.Submission, row.Id), Site(row.SiteId), row.FailureCode!, row.Failure!, row.ReceivedAt)),
            .. mails.Select(Of),
            .. texts.Select(Of),
            .. syncs.Select(Of),
            .. untold.Select(Of)];
    }

    public async Task<Failure?> ShowAsync(string id, CancellationToken ct)
    {
        if (PublicId.Parse(PublicId.Submission, id) is { } submissionId)
        {
            return await Submissions().SingleOrDefaultAsync(row => row.Id == submissionId, ct) is { } row
                ? new(id, Site(row.SiteId), row.FailureCode!, row.Failure!, row.ReceivedAt, Encoding.UTF8.GetString(row.Body))
                : null;
        }

        if (PublicId.Parse(PublicId.Message, id) is { } messageId)
        {
            return await Messages().SingleOrDefaultAsync(row => row.Id == messageId, ct) is { } row ? Of(row) : null;
        }

        if (PublicId.Parse(PublicId.Sms, id) is { } smsId)
        {
            return await Sms().SingleOrDefaultAsync(row => row.Id == smsId, ct) is { } row ? Of(row) : null;
        }

        if (PublicId.Parse(PublicId.Delivery, id) is { } deliveryId)
        {
            return await Deliveries().SingleOrDefaultAsync(row => row.Id == deliveryId, ct) is { } row ? Of(row) : null;
        }

        return PublicId.Parse(Sync, id) is { } syncId && await Syncs().SingleOrDefaultAsync(row => row.Id == syncId, ct) is { } sync ? Of(sync) : null;
    }

    /// <returns>Null when it will be tried again; else a sentence that says why not.</returns>
    public async Task<string?> ReplayAsync(string id, string? email, string? list, string actor, CancellationToken ct)
    {
        if (await ShowAsync(id, ct) is not { } failed)
        {
            return "Nothing that failed has this id. See: gateway failed list";
        }

        var isSubmission = PublicId.Parse(PublicId.Submission, id) is not null;
        if ((email ?? list) is not null && !isSubmission)
        {
            return "--email and --list are for submissions.";
        }

        if (list is not null && PublicId.Parse(PublicId.List, list) is null)
        {
            return "--list is the id of a list, lst_….";
        }

        await (PublicId.Parse(Sync, id) is { } syncId ? wishes.ReplayAsync(syncId, ct)
            : PublicId.Parse(PublicId.Delivery, id) is { } deliveryId ? deliveries.ReplayAsync(deliveryId, ct)
            : PublicId.Parse(PublicId.Message, id) is { } messageId ? ReplayMessageAsync(messageId, ct)
            : PublicId.Parse(PublicId.Sms, id) is { } smsId ? sms.SendAgainAsync(smsId, ct)
            : ReplaySubmissionAsync(PublicId.Parse(PublicId.Submission, id)!.Value, email, list, ct));
        await audit.WriteAsync(PublicId.Parse(PublicId.Site, failed.Site), actor, "failed.replayed", id, ct);
        submissions.Soon();
        mail.Soon();
        lists.Soon();
        return null;
    }

    private Task ReplaySubmissionAsync(Guid id, string? email, string? list, CancellationToken ct) => db.WriteAsync(
        async () =>
        {
            var row = await db.Submissions.SingleAsync(one => one.Id == id, ct);
            var before = Override.FromJson(row.Override);
            row.Override = (email ?? list) is null ? row.Override : new Override(email ?? before?.Email, list ?? before?.List).ToJson();
            row.State = SubmissionState.Waiting;
            row.FailureCode = null;
            row.Failure = null;
            row.DueAt = clock.GetUtcNow().UtcDateTime;
            await db.SaveChangesAsync(ct);
        },
        ct);

    private Task ReplayMessageAsync(Guid id, CancellationToken ct) => db.WriteAsync(
        async () =>
        {
            var message = await db.Messages.SingleAsync(one => one.Id == id, ct);
            message.State = MessageState.Queued;
            message.Failures = 0;
            message.DueAt = clock.GetUtcNow().UtcDateTime;
            await db.SaveChangesAsync(ct);
        },
        ct);

    private IQueryable<Submission> Submissions() => db.Submissions.AsNoTracking().Where(row => row.FailureCode != null);

    private IQueryable<Message> Messages() => db.Messages.AsNoTracking().Where(row => row.State == MessageState.Failed);

    private IQueryable<SmsMessage> Sms() => db.Sms.AsNoTracking().Where(row => row.State == SmsState.Failed || row.State == SmsState.Unknown);

    private IQueryable<ListSync> Syncs() => db.ListSyncs.AsNoTracking().Where(row => row.Failure != null);

    private IQueryable<Delivery> Deliveries() => db.Deliveries.AsNoTracking().Where(row => row.State == DeliveryState.Failed);

    private static Failure Of(Message row) => new(PublicId.Format(PublicId.Message, row.Id), Site(row.SiteId), "mail_failed", row.Answer ?? "", row.CreatedAt);

    private static Failure Of(SmsMessage row) => new(
        PublicId.Format(PublicId.Sms, row.Id), Site(row.SiteId), row.State == SmsState.Unknown ? "sms_unknown" : "sms_failed",
        row.State == SmsState.Unknown ? $"It may have been sent. {row.Failure}" : row.Failure ?? "", row.CreatedAt);

    private static Failure Of(ListSync row) => new(PublicId.Format(Sync, row.Id), Site(row.SiteId), "list_sync_failed", row.Failure ?? "", row.ToldAt ?? default);

    private static Failure Of(Delivery row) => new(PublicId.Format(PublicId.Delivery, row.Id), Site(row.SiteId), "hook_failed", row.Answer ?? "", row.CreatedAt);

    private static string Site(Guid id) => PublicId.Format(PublicId.Site, id);
}
