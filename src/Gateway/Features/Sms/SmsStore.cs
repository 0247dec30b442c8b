using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

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
}
