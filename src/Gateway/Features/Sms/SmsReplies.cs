using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>Replies that a person must read, since they may ask for no more messages.</summary>
internal sealed class SmsReplies(GatewayDb db)
{
    public const string Unclear = "unclear";
    public const string Received = "received";

    /// <summary>Those of a site that wait for a decision, the newest first.</summary>
    public Task<List<InboundEvent>> WaitingAsync(Guid siteId, int limit, CancellationToken ct)
    {
        var dismissals = db.Dismissed();
        return db
            .InboundEvents.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.Status == Unclear && !dismissals.Any(one => one.Id == row.Id))
            .OrderByDescending(row => row.Id)
            .Take(limit)
            .ToListAsync(ct);
    }

    /// <summary>Somebody decided about the number: its replies wait no longer. Inside the caller's transaction.</summary>
    public Task SettleAsync(Guid siteId, string number, CancellationToken ct) =>
        db
            .InboundEvents.Where(row => row.SiteId == siteId && row.From == number && row.Status == Unclear)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Received), ct);
}

/// <summary>The replies that may ask for no more messages, beside what failed: both wait for a person.</summary>
internal sealed class UnclearReplies(GatewayDb db, TimeProvider clock) : IFailedItems
{
    private const string Code = "reply_unclear";

    private const string Reason =
        "A reply to an SMS may ask for no more messages. Read it. If it does, an operator suppresses the number; if it asks for something "
        + "else, say so here, and it leaves this list.";

    public string Queue => "replies";

    public string Prefix => PublicId.Reply;

    private IQueryable<InboundEvent> Rows => db.InboundEvents.AsNoTracking().Where(row => row.Status == SmsReplies.Unclear);

    public async Task<List<FailedItem>> ListAsync(IReadOnlyCollection<Guid>? sites, int limit, bool dismissed, CancellationToken ct) =>
        (await Of(sites, dismissed).OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct)).ConvertAll(row =>
            ItemOf(row, body: null)
        );

    public async Task<IReadOnlyDictionary<Guid, string>> WhomAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await Rows.Where(row => ids.Contains(row.Id)).Select(row => new { row.Id, row.From }).ToListAsync(ct);
        return FailedItem.WhomOf(rows.Select(row => (row.Id, row.From)));
    }

    public async Task<FailedItem?> FindAsync(Guid id, CancellationToken ct) =>
        await Rows.SingleOrDefaultAsync(row => row.Id == id, ct) is { } row ? ItemOf(row, TextOf(row)) : null;

    public Task<Dictionary<Guid, int>> CountBySiteAsync(CancellationToken ct) =>
        Of(null, dismissed: false).OrderBy(row => row.Id).Select(row => row.SiteId).CountBySiteAsync(ct);

    public Task<List<AlikeFailures>> AlikeAsync(IReadOnlyCollection<Guid>? sites, bool dismissed, CancellationToken ct) =>
        Of(sites, dismissed)
            .GroupBy(row => row.SiteId)
            .Select(all => new AlikeFailures(
                all.Key,
                Code,
                Reason,
                all.Count(),
                all.Min(row => row.ReceivedAt),
                all.Max(row => row.ReceivedAt)
            ))
            .ToListAsync(ct);

    public Task<List<FailedFact>> AlikeAsync(
        AlikeFailures like,
        IReadOnlyCollection<Guid>? sites,
        bool dismissed,
        Guid after,
        int limit,
        CancellationToken ct
    ) =>
        Of(sites, dismissed)
            .Where(row => row.Id > after)
            .OrderBy(row => row.Id)
            .Take(limit)
            .Select(row => new FailedFact
            {
                Id = row.Id,
                SiteId = row.SiteId,
                Code = Code,
                Reason = Reason,
                Since = row.ReceivedAt,
            })
            .ToListAsync(ct);

    public async Task<List<Guid>> DismissAsync(IReadOnlyCollection<Guid> ids, CancellationToken ct)
    {
        var rows = await Of(null, dismissed: false)
            .Where(row => ids.Contains(row.Id))
            .Select(row => new { row.Id, row.SiteId })
            .ToListAsync(ct);
        await db.DismissAsync(
            rows.ConvertAll(row => new Dismissal
            {
                Id = row.Id,
                SiteId = row.SiteId,
                DismissedAt = clock.GetUtcNow().UtcDateTime,
            }),
            ct
        );
        return rows.ConvertAll(row => row.Id);
    }

    /// <summary>The decision that it was no such wish: its event went out when it came, so nothing else is to do.</summary>
    public async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange() ? "Only a submission can be replayed with another field or list."
        : await db
            .InboundEvents.Where(row => row.Id == id && row.Status == SmsReplies.Unclear)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, SmsReplies.Received), ct) > 0
            ? null
        : "Somebody else decided about it already.";

    private IQueryable<InboundEvent> Of(IReadOnlyCollection<Guid>? sites, bool dismissed)
    {
        var dismissals = db.Dismissed();
        var rows = Rows.Where(row => dismissals.Any(one => one.Id == row.Id) == dismissed);
        return sites is null ? rows : rows.Where(row => sites.Contains(row.SiteId));
    }

    private static FailedItem ItemOf(InboundEvent row, string? body) =>
        new(
            PublicId.Format(PublicId.Reply, row.Id),
            PublicId.Format(PublicId.Site, row.SiteId),
            "replies",
            Code,
            Reason,
            row.ReceivedAt,
            body
        );

    private static string TextOf(InboundEvent row) => $"{row.From}: {ReplyText.Of(row)}";
}
