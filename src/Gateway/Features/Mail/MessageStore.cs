using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Messages as other features ask for them.</summary>
internal sealed class MessageStore(GatewayDb db)
{
    /// <summary>Stored with the caller's transaction.</summary>
    public void Add(Message message) => db.Messages.Add(message);

    /// <summary>The newest mail that belongs to a request for a confirmation; null when there is none.</summary>
    public Task<Message?> LastOfRequestAsync(Guid requestId, CancellationToken ct) =>
        db.Messages.AsNoTracking().Where(one => one.RequestId == requestId).OrderBy(one => one.Id).LastOrDefaultAsync(ct);

    /// <summary>The newest mails to a contact, the newest first.</summary>
    public Task<List<Message>> OfContactAsync(Guid contactId, int limit, CancellationToken ct) =>
        db.Messages.AsNoTracking().Where(one => one.ContactId == contactId).OrderByDescending(one => one.Id).Take(limit).ToListAsync(ct);

    /// <returns>The mail that was made of this cause; null when it is gone, or there never was one.</returns>
    public Task<Message?> FindAsync(Guid siteId, string key, CancellationToken ct) =>
        db.Messages.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId && one.Key == key, ct);

    /// <returns>Of the requests for a confirmation, those whose mail has still to be handed over.</returns>
    public async Task<HashSet<Guid>> WaitingOfRequestsAsync(IReadOnlyCollection<Guid> requestIds, CancellationToken ct) =>
        requestIds.Count == 0
            ? []
            :
            [
                .. await db
                    .Messages.Where(row => row.RequestId != null && requestIds.Contains(row.RequestId.Value) && row.DueAt != null)
                    .Select(row => row.RequestId!.Value)
                    .ToListAsync(ct),
            ];

    /// <summary>Mails handed over since then, by site, counted up to <paramref name="limit"/>.</summary>
    public Task<Dictionary<Guid, int>> CountSentBySiteAsync(DateTime since, int limit, CancellationToken ct) =>
        db
            .Messages.Where(row => row.SentAt >= since)
            .Select(row => row.SiteId)
            .Take(limit)
            .GroupBy(site => site)
            .Select(group => new { Site = group.Key, Count = group.Count() })
            .ToDictionaryAsync(one => one.Site, one => one.Count, ct);

    /// <summary>The newest mails that the development mailbox caught.</summary>
    public Task<List<MailboxMessage>> MailboxAsync(int limit, CancellationToken ct) =>
        db.MailboxMessages.AsNoTracking().OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
}
