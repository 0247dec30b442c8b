using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Gateway.Features.Sms.Guard;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms;

/// <summary>Remembers for seconds what a site may send and through whom, since every message asks.</summary>
internal sealed class SmsSettingsCache(
    RecentCache cache,
    IServiceScopeFactory scopes,
    IOptions<SmsOptions> options,
    IOptions<SmsGuardOptions> guard
) : IConnectionListener
{
    public async ValueTask<SiteSms> OfAsync(Guid siteId, CancellationToken ct) =>
        (await cache.FindAsync(siteId, ReadAsync, RecentCache.Seconds, ct))!;

    /// <summary>Called when a site's rules or accounts were changed in this process.</summary>
    public void Forget(Guid siteId) => cache.Forget<SiteSms>(siteId);

    public void Changed(Connection connection)
    {
        if (connection is { Kind: ConnectionKind.Sms, SiteId: { } siteId })
        {
            Forget(siteId);
        }
    }

    private async ValueTask<SiteSms?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var own = await services
            .GetRequiredService<GatewayDb>()
            .SmsRules.AsNoTracking()
            .SingleOrDefaultAsync(row => row.SiteId == siteId, ct);
        var all = options.Value;
        var policy = new SmsPolicy(
            own?.Route ?? all.Route,
            own?.Countries ?? all.Countries,
            own?.PartsPerDay ?? all.PartsPerDay,
            own?.PartsPerMonth ?? all.PartsPerMonth,
            own?.PerRecipientHour ?? all.PerRecipientHour,
            own?.MaxPrice ?? guard.Value.MaxPrice,
            own?.MoneyPerDay ?? guard.Value.MoneyPerDay
        );

        var carriers = new List<SmsCarrier>();
        foreach (var name in SmsRoute.Providers(policy.Route))
        {
            if (await services.GetRequiredService<SmsAccounts>().ForAsync(siteId, name, ct) is { } account)
            {
                carriers.Add(new(services.GetRequiredKeyedService<ISmsProvider>(name), account.Settings, account.ConnectionId));
            }
        }

        var site = (await services.GetRequiredService<SiteStore>().GetManyAsync([siteId], ct)).GetValueOrDefault(siteId);
        return new SiteSms(policy, carriers, QuietHours.Of(site?.SmsQuiet, site?.TimeZone ?? ""));
    }
}
