using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>Which of a site's SMS are asked for.</summary>
/// <param name="State">Null for all.</param>
/// <param name="CallingCode">What the number begins with, such as <c>+33</c>; null for all.</param>
internal sealed record SmsFilter(SmsState? State = null, string? CallingCode = null);

/// <summary>SMS as others ask for them.</summary>
internal sealed class SmsStore(GatewayDb db)
{
    /// <summary>SMS handed over since then, by site, counted up to <paramref name="limit"/>.</summary>
    public Task<Dictionary<Guid, int>> CountSentBySiteAsync(DateTime since, int limit, CancellationToken ct) =>
        db
            .Sms.Where(row => row.SentAt >= since)
            .Select(row => row.SiteId)
            .Take(limit)
            .GroupBy(site => site)
            .Select(group => new { Site = group.Key, Count = group.Count() })
            .ToDictionaryAsync(one => one.Site, one => one.Count, ct);

    /// <summary>The newest that a provider was asked to send.</summary>
    public Task<List<SmsMessage>> NewestAsync(string provider, int limit, CancellationToken ct) =>
        db.Sms.AsNoTracking().Where(row => row.Provider == provider).OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);

    /// <summary>The newest first.</summary>
    /// <param name="after">The last of the page before; null to begin.</param>
    public Task<List<SmsMessage>> PageAsync(Guid siteId, SmsFilter filter, Guid? after, int limit, CancellationToken ct)
    {
        var rows = db.Sms.AsNoTracking().Where(row => row.SiteId == siteId);

        // Written into the statement: the index of the few that are neither sent nor delivered is known by these words.
        rows = filter.State is { } state ? rows.Where(row => row.State == EF.Constant(state)) : rows;
        if (filter.CallingCode is { } code)
        {
            // Between two numbers, so that an index finds them: in any order of letters digits stand before them. Written into the
            // statement: how many numbers lie between them decides how they are best found.
            var end = code + "A";
#pragma warning disable CA1309 // It is the database that compares, in the order of its index.
            rows = rows.Where(row =>
                string.Compare(row.Recipient, EF.Constant(code)) >= 0 && string.Compare(row.Recipient, EF.Constant(end)) < 0
            );
#pragma warning restore CA1309
        }

        rows = after is { } last ? rows.Where(row => row.Id < last) : rows;
        return rows.OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
    }

    /// <returns>Null when the site has no such SMS.</returns>
    public Task<SmsMessage?> FindAsync(Guid siteId, Guid? id, CancellationToken ct) =>
        db.Sms.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId && row.Id == id, ct);

    /// <summary>The newest to a number.</summary>
    public Task<List<SmsMessage>> ToAsync(Guid siteId, PhoneNumber number, int limit, CancellationToken ct) =>
        db
            .Sms.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.Recipient == number.Number)
            .OrderByDescending(row => row.Id)
            .Take(limit)
            .ToListAsync(ct);

    /// <summary>What the provider told of it, the oldest first.</summary>
    public Task<List<InboundEvent>> ReceiptsOfAsync(Guid smsId, CancellationToken ct) =>
        db
            .InboundEvents.AsNoTracking()
            .Where(row => row.SmsId == smsId)
            .OrderBy(row => row.ReceivedAt)
            .ThenBy(row => row.Id)
            .ToListAsync(ct);
}
