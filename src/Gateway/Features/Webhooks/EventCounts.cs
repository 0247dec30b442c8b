using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>How often something happened at a site on a day.</summary>
/// <param name="Day">UTC.</param>
internal sealed record EventCount(DateOnly Day, long Count);

/// <summary>Counts what happened, from the index of events by site and type. An event that is gone is counted no more.</summary>
internal sealed class EventCounts(GatewayDb db)
{
    /// <param name="type">One of <see cref="EventTypes"/>.</param>
    /// <param name="from">The first day.</param>
    /// <returns>By day; a day without any is not in it.</returns>
    public Task<Dictionary<DateOnly, int>> ByDayAsync(Guid siteId, string type, DateOnly from, CancellationToken ct)
    {
        // Ids begin with their time, so the index (site, type, id) holds just the rows of these days.
        var first = PublicId.FirstOf(from.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        var sql = $"""
            select {db.DayOf("occurred_at")} as day, count(*) as count from events
            where site_id = @site and type = @type and id >= @first
            group by 1
            """;
        return db
            .Database.SqlQueryRaw<EventCount>(sql, db.Parameter("site", siteId), db.Parameter("type", type), db.Parameter("first", first))
            .ToDictionaryAsync(one => one.Day, one => (int)one.Count, ct);
    }
}
