using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>Which of a site's mails are asked for.</summary>
/// <param name="State">Null for all.</param>
/// <param name="Kind">Null for all.</param>
/// <param name="Template">The template's key; null for all.</param>
internal sealed record MessageFilter(MessageState? State = null, MessageKind? Kind = null, string? Template = null);

/// <summary>What a mail is for.</summary>
internal enum MessageKind
{
    /// <summary>It asks to confirm a sign-up.</summary>
    Confirmation,

    /// <summary>To somebody on a list, such as a welcome.</summary>
    List,

    /// <summary>To one address because a program asked for it, such as about an order.</summary>
    Transactional,
}

/// <summary>Messages as other features ask for them.</summary>
internal sealed class MessageStore(GatewayDb db)
{
    /// <summary>Of the mails that one page shows: a newsletter may be opened again and again.</summary>
    private const int MaxEvents = 200;

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

    /// <summary>Whether a mail in earnest of one of these sites was handed over since then.</summary>
    public Task<bool> HasSentAsync(IReadOnlyCollection<Guid> sites, DateTime since, CancellationToken ct) =>
        db.Messages.AnyAsync(
            row => row.SentAt >= since && sites.Contains(row.SiteId) && (row.ContactId != null || row.ContentHash != null),
            ct
        );

    /// <summary>The newest mails that the development mailbox caught.</summary>
    public Task<List<MailboxMessage>> MailboxAsync(int limit, CancellationToken ct) =>
        db.MailboxMessages.AsNoTracking().OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);

    /// <summary>A site's mails in earnest, the newest first.</summary>
    /// <param name="after">The last of the page before; null to begin.</param>
    public Task<List<Message>> PageAsync(Guid siteId, MessageFilter filter, Guid? after, int limit, CancellationToken ct)
    {
        var rows = Of(siteId);
        rows = filter.Kind switch
        {
            MessageKind.Confirmation => rows.Where(one => one.RequestId != null),
            MessageKind.List => rows.Where(one => one.ContactId != null && one.RequestId == null),
            MessageKind.Transactional => rows.Where(one => one.Address != null),
            _ => rows,
        };
        rows = filter.State switch
        {
            null => rows,

            // Written into the statement: the indexes of the states that few have are known by these words.
            MessageState.Queued => rows.Where(one => one.State == MessageState.Queued && one.DueAt != null),
            var state => rows.Where(one => one.State == EF.Constant(state)),
        };
        rows = filter.Template switch
        {
            null => rows,
            BuiltInMails.Confirmation => rows.Where(one => one.Template == BuiltInMails.Confirmation),

            // No other asks to confirm, so the index need not hold those that do.
            var template => rows.Where(one => one.Template == template && one.RequestId == null),
        };
        rows = after is { } last ? rows.Where(one => one.Id < last) : rows;
        return rows.OrderByDescending(one => one.Id).Take(limit).ToListAsync(ct);
    }

    /// <returns>Null when the site has no such mail.</returns>
    public Task<Message?> FindAsync(Guid siteId, Guid? id, CancellationToken ct) =>
        db.Messages.AsNoTracking().SingleOrDefaultAsync(one => one.SiteId == siteId && one.Id == id, ct);

    /// <summary>The newest mails of a site to an address that is no contact's, or that its contact got because a program asked.</summary>
    public Task<List<Message>> ToAsync(Guid siteId, string addressKey, int limit, CancellationToken ct) =>
        Of(siteId).Where(one => one.Address == addressKey).OrderByDescending(one => one.Id).Take(limit).ToListAsync(ct);

    /// <summary>The mails that ask to confirm these requests, the oldest first.</summary>
    public Task<List<Message>> OfRequestsAsync(IReadOnlyCollection<Guid> requestIds, CancellationToken ct) =>
        db
            .Messages.AsNoTracking()
            .Where(one => one.RequestId != null && requestIds.Contains(one.RequestId.Value))
            .OrderBy(one => one.Id)
            .ToListAsync(ct);

    /// <summary>What providers told of these mails, in the order in which it happened.</summary>
    public Task<List<MailEvent>> EventsOfAsync(IReadOnlyCollection<Guid> messageIds, CancellationToken ct) =>
        db
            .MailEvents.AsNoTracking()
            .Where(row => row.MessageId != null && messageIds.Contains(row.MessageId.Value))
            .OrderBy(row => row.OccurredAt)
            .ThenBy(row => row.Id)
            .Take(MaxEvents)
            .ToListAsync(ct);

    private IQueryable<Message> Of(Guid siteId) =>
        db.Messages.AsNoTracking().Where(one => one.SiteId == siteId && (one.ContactId != null || one.ContentHash != null));
}
