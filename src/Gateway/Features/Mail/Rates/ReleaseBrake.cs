using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail.Rates;

/// <summary>
/// Somebody lets a site's bulk mail go on in spite of its rates. It stops again only for a limit that is reached anew, after the share has
/// been below it.
/// </summary>
internal sealed class ReleaseBrake(GatewayDb db, AuditLog audit, Outages outages, TimeProvider clock)
{
    /// <param name="actor">Who decides, as the audit names them.</param>
    /// <returns>False when nothing was stopped.</returns>
    public async Task<bool> ReleaseAsync(Guid siteId, string actor, CancellationToken ct)
    {
        var connection = MailConnections.Bulk(siteId);
        var isOn = (await outages.DecidedAsync(WatchRates.BrakeCode, ct)).Contains(connection);
        await audit.RecordAsync(
            async () =>
                await db
                    .RateAlarms.Where(alarm => alarm.SiteId == siteId && alarm.Level == RateLevel.Brake && alarm.ReleasedAt == null)
                    .ExecuteUpdateAsync(set => set.SetProperty(alarm => alarm.ReleasedAt, clock.GetUtcNow().UtcDateTime), ct) > 0,
            released => released || isOn ? new(siteId, actor, "brake.released", PublicId.Format(PublicId.Site, siteId)) : null,
            ct
        );
        if (isOn)
        {
            await outages.ReleaseAsync(connection, ct);
        }

        return isOn;
    }
}
