using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Audit;

/// <summary>Which entries of the audit are asked for.</summary>
/// <param name="SiteId">Null for all sites, and for what is about none.</param>
/// <param name="Actor">The one who did it, exactly; null for everybody.</param>
/// <param name="Action">What the action begins with.</param>
/// <param name="From">The first day, UTC.</param>
/// <param name="Until">The last day, UTC.</param>
internal sealed record AuditQuestion(Guid? SiteId, string? Actor, string? Action, DateOnly? From, DateOnly? Until);

/// <summary>Reads who changed what, newest first.</summary>
internal sealed class AuditReader(GatewayDb db)
{
    /// <summary>Somebody copied the whole database.</summary>
    public const string BackupMade = "backup.made";

    /// <summary>More than ever change something at one site.</summary>
    private const int MostActors = 300;

    /// <param name="after">The last of the page before; null for the first page.</param>
    public Task<List<AuditEntry>> PageAsync(AuditQuestion asked, Guid? after, int limit, CancellationToken ct)
    {
        var rows = Of(asked.SiteId);
        if (asked.Actor is { } actor)
        {
            rows = rows.Where(row => row.Actor == actor);
        }

        if (asked.Action is { Length: > 0 } action)
        {
            rows = rows.Where(row => row.Action.StartsWith(action));
        }

        // Ids begin with their time, and the index has them.
        if (asked.From is { } from)
        {
            var first = PublicId.FirstOf(from.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
            rows = rows.Where(row => row.Id >= first);
        }

        if (asked.Until is { } until && until < DateOnly.MaxValue)
        {
            var end = PublicId.FirstOf(until.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
            rows = rows.Where(row => row.Id < end);
        }

        if (after is { } last)
        {
            rows = rows.Where(row => row.Id < last);
        }

        return rows.OrderByDescending(row => row.Id).Take(limit).ToListAsync(ct);
    }

    /// <returns>When the gateway last did something that is about no site; null when it never did.</returns>
    public async Task<DateTime?> LastAtAsync(string action, CancellationToken ct) =>
        (
            await db
                .Audit.AsNoTracking()
                .Where(row => row.SiteId == null && row.Action == action)
                .OrderByDescending(row => row.Id)
                .FirstOrDefaultAsync(ct)
        )?.OccurredAt;

    /// <returns>What was done last to something; null when nothing was.</returns>
    public Task<AuditEntry?> LastAsync(Guid siteId, string subject, CancellationToken ct) =>
        Of(siteId).Where(row => row.Subject == subject).OrderByDescending(row => row.Id).FirstOrDefaultAsync(ct);

    /// <returns>Everybody who changed something there.</returns>
    public Task<List<string>> ActorsAsync(Guid? siteId, CancellationToken ct)
    {
        // From one name to the next in an index, past all that each of them did. The words are the program's own.
        var (where, given) = siteId is { } site ? ("where site_id = @site and", (object[])[db.Parameter("site", site)]) : ("where", []);
        var sql = $"""
            with recursive actors(value) as (
                select * from (select actor from audit {where} true order by actor limit 1) as first
                union all
                select (select actor from audit {where} actor > actors.value order by actor limit 1) from actors where value is not null
            )
            select value as "Value" from actors where value is not null limit {MostActors}
            """;
        return db.Database.SqlQueryRaw<string>(sql, given).ToListAsync(ct);
    }

    /// <summary>Somebody as an address of a page may name them: nobody's email address stands in one.</summary>
    public static string TokenOf(string actor) => Convert.ToHexStringLower(Secrets.Hash(actor))[..16];

    private IQueryable<AuditEntry> Of(Guid? siteId) =>
        siteId is { } site ? db.Audit.AsNoTracking().Where(row => row.SiteId == site) : db.Audit.AsNoTracking();
}
