using Gateway.Features.Hooks;
using Gateway.Features.Mail;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Admin;

/// <summary>How a site is doing.</summary>
/// <param name="Waiting">Submissions, mails, SMS, list syncs and deliveries still to be done.</param>
/// <param name="Failed">Those that stand until somebody decides.</param>
/// <param name="SentToday">Mails and SMS handed over since midnight, UTC.</param>
internal sealed record SiteFigure(int Waiting, int Failed, int SentToday);

/// <summary>Counts for the overview. Each rests on an index that holds just the rows that count, and stops at a number that is an alarm in any case.</summary>
internal sealed class SiteFigures(GatewayDb db, TimeProvider clock)
{
    private const int MostCounted = 100_000;

    /// <returns>By site; a site without rows is not in it.</returns>
    public async Task<IReadOnlyDictionary<Guid, SiteFigure>> ReadAsync(CancellationToken ct)
    {
        var midnight = clock.GetUtcNow().UtcDateTime.Date;
        var waiting = await CountAsync(
            [
                Waiting(db.Submissions),
                Waiting(db.Messages),
                Waiting(db.Sms.Where(row => row.State == SmsState.Scheduled || row.State == SmsState.Queued || row.State == SmsState.Sending)),
                Waiting(db.ListSyncs),
                Waiting(db.Deliveries),
            ],
            ct);
        var failed = await CountAsync(
            [
                db.Submissions.Where(row => row.FailureCode != null).Select(row => row.SiteId),
                db.Messages.Where(row => row.State == MessageState.Failed).Select(row => row.SiteId),
                db.Sms.Where(row => row.State == SmsState.Failed || row.State == SmsState.Unknown).Select(row => row.SiteId),
                db.ListSyncs.Where(row => row.Failure != null && row.DueAt == null).Select(row => row.SiteId),
                db.Deliveries.Where(row => row.State == DeliveryState.Failed).Select(row => row.SiteId),
            ],
            ct);
        var sent = await CountAsync(
            [
                db.Messages.Where(row => row.SentAt >= midnight).Select(row => row.SiteId),
                db.Sms.Where(row => row.SentAt >= midnight).Select(row => row.SiteId),
            ],
            ct);
        return waiting.Keys.Union(failed.Keys).Union(sent.Keys).ToDictionary(
            site => site, site => new SiteFigure(waiting.GetValueOrDefault(site), failed.GetValueOrDefault(site), sent.GetValueOrDefault(site)));
    }

    private static IQueryable<Guid> Waiting<T>(IQueryable<T> rows)
        where T : class, IQueued =>
        rows.Where(row => row.DueAt != null).Select(row => EF.Property<Guid>(row, "SiteId"));

    private static async Task<Dictionary<Guid, int>> CountAsync(IQueryable<Guid>[] kinds, CancellationToken ct)
    {
        var sums = new Dictionary<Guid, int>();
        foreach (var kind in kinds)
        {
            foreach (var site in await kind.Take(MostCounted).GroupBy(id => id).Select(group => new { Id = group.Key, Rows = group.Count() }).ToListAsync(ct))
            {
                sums[site.Id] = sums.GetValueOrDefault(site.Id) + site.Rows;
            }
        }

        return sums;
    }
}
