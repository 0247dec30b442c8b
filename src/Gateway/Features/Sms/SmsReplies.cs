using System.Text;
using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>Replies that a person must read, since they may ask for no more messages.</summary>
internal sealed class SmsReplies(GatewayDb db)
{
    public const string Unclear = "unclear";
    public const string Received = "received";

    /// <summary>Somebody decided about the number: its replies wait no longer. Inside the caller's transaction.</summary>
    public Task SettleAsync(Guid siteId, string number, CancellationToken ct) =>
        db
            .InboundEvents.Where(row => row.SiteId == siteId && row.From == number && row.Status == Unclear)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Received), ct);
}

/// <summary>The replies that may ask for no more messages, beside what failed: both wait for a person.</summary>
internal sealed class UnclearReplies(GatewayDb db) : IFailedItems
{
    public string Queue => "replies";

    public string Prefix => PublicId.Reply;

    private IQueryable<InboundEvent> Rows => db.InboundEvents.AsNoTracking().Where(row => row.Status == SmsReplies.Unclear);

    public async Task<List<FailedItem>> ListAsync(IReadOnlyCollection<Guid>? sites, int limit, CancellationToken ct)
    {
        var rows = sites is null ? Rows : Rows.Where(row => sites.Contains(row.SiteId));
        return (await rows.OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct)).ConvertAll(row => ItemOf(row, body: null));
    }

    public async Task<FailedItem?> FindAsync(Guid id, CancellationToken ct) =>
        await Rows.SingleOrDefaultAsync(row => row.Id == id, ct) is { } row ? ItemOf(row, TextOf(row)) : null;

    public Task<Dictionary<Guid, int>> CountBySiteAsync(CancellationToken ct) =>
        Rows.OrderBy(row => row.Id).Select(row => row.SiteId).CountBySiteAsync(ct);

    /// <summary>The decision that it was no such wish: its event went out when it came, so nothing else is to do.</summary>
    public async Task<string?> ReplayAsync(Guid id, ReplayChange change, CancellationToken ct) =>
        change != new ReplayChange() ? "Only a submission can be replayed with another field or list."
        : await db
            .InboundEvents.Where(row => row.Id == id && row.Status == SmsReplies.Unclear)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, SmsReplies.Received), ct) > 0
            ? null
        : "Somebody else decided about it already.";

    private static FailedItem ItemOf(InboundEvent row, string? body) =>
        new(
            PublicId.Format(PublicId.Reply, row.Id),
            PublicId.Format(PublicId.Site, row.SiteId),
            "replies",
            "reply_unclear",
            "A reply to an SMS may ask for no more messages. Read it. If it does, an operator suppresses the number; if it asks for "
                + "something else, say so here, and it leaves this list.",
            row.ReceivedAt,
            body
        );

    private static string TextOf(InboundEvent row)
    {
        var form = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(row.Body));
        return $"{form.GetValueOrDefault("From")}: {form.GetValueOrDefault("Body")}";
    }
}
