using Gateway.Features.Mail;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <param name="Kind"><c>submission</c>, <c>mail</c>, or <c>list</c> when a provider could not be told.</param>
/// <param name="Code">Stable; of a submission such as <c>unknown_list</c>, else <c>mail_failed</c>, <c>list_sync_failed</c>.</param>
/// <param name="Detail">A sentence without personal data.</param>
/// <param name="Count">How many failed like this, of the newest 100 of each kind.</param>
/// <param name="LastAt">When the newest of them came in; null where that is not known.</param>
internal sealed record LastError(string Kind, string Code, string Detail, int Count, DateTime? LastAt);

/// <summary>What stands as failed at a site, told to its owner; who mends it sees each by itself with <c>gateway failed list</c>.</summary>
internal sealed class LastErrors(GatewayDb db)
{
    private const int Newest = 100;
    private const int Most = 20;

    public async Task<IReadOnlyList<LastError>> ReadAsync(Guid siteId, CancellationToken ct)
    {
        var submissions = await db.Submissions.AsNoTracking().Where(row => row.SiteId == siteId && row.FailureCode != null)
            .OrderByDescending(row => row.Id).Take(Newest).Select(row => new { Code = row.FailureCode!, row.Failure, row.ReceivedAt }).ToListAsync(ct);
        var mails = await db.Messages.AsNoTracking().Where(row => row.SiteId == siteId && row.State == MessageState.Failed)
            .OrderByDescending(row => row.Id).Take(Newest).Select(row => new { row.Answer, row.CreatedAt }).ToListAsync(ct);
        var syncs = await db.ListSyncs.AsNoTracking().Where(row => row.SiteId == siteId && row.Failure != null)
            .OrderByDescending(row => row.Id).Take(Newest).Select(row => row.Failure!).ToListAsync(ct);
        return
        [
            .. submissions.Select(row => new LastError("submission", row.Code, row.Failure ?? "", 1, row.ReceivedAt))
                .Concat(mails.Select(row => new LastError("mail", "mail_failed", $"A mail did not go out: {row.Answer}", 1, row.CreatedAt)))
                .Concat(syncs.Select(reason => new LastError("list", "list_sync_failed", reason, 1, null)))
                .GroupBy(error => error with { LastAt = null })
                .Select(alike => alike.Key with { Count = alike.Count(), LastAt = alike.Max(error => error.LastAt) })
                .OrderByDescending(error => error.LastAt ?? DateTime.MaxValue)
                .Take(Most),
        ];
    }
}
