using System.Collections.Concurrent;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms;

/// <summary>What a site may send: its own rules where it has some, else the installation's.</summary>
internal sealed record SmsPolicy(string? Route, string? Countries, int PartsPerDay, int PartsPerMonth, int PerRecipientHour);

/// <summary>A provider and the account the site has there.</summary>
internal sealed record SmsCarrier(ISmsProvider Provider, ISmsAccount Account)
{
    /// <param name="sender">Null is the account's own.</param>
    public bool MaySendAs(string? sender) => sender is null || Account.Senders.Contains(sender, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A site's policy and the carriers of its route that have a complete account.</summary>
/// <param name="Quiet">When it sends nothing; null for never.</param>
internal sealed record SiteSms(SmsPolicy Policy, IReadOnlyList<SmsCarrier> Carriers, QuietHours? Quiet)
{
    /// <returns>Those to ask for this number, in order.</returns>
    public IReadOnlyList<SmsCarrier> For(string number) =>
        [.. SmsRoute.For(Policy.Route ?? "", number).SelectMany(name => Carriers.Where(carrier => carrier.Provider.Name == name))];
}

/// <summary>Remembers for seconds what a site may send and through whom, since every message asks.</summary>
internal sealed class SmsSettingsCache(IServiceScopeFactory scopes, IOptions<SmsOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan Remember = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Guid, (SiteSms Site, DateTimeOffset Until)> _sites = new();

    public async ValueTask<SiteSms> OfAsync(Guid siteId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (_sites.TryGetValue(siteId, out var known) && known.Until > now)
        {
            return known.Site;
        }

        var read = await ReadAsync(siteId, ct);
        _sites[siteId] = (read, now + Remember);
        return read;
    }

    /// <summary>Called when a site's rules or accounts were changed in this process.</summary>
    public void Forget(Guid siteId) => _sites.TryRemove(siteId, out _);

    private async Task<SiteSms> ReadAsync(Guid siteId, CancellationToken ct)
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
            own?.PerRecipientHour ?? all.PerRecipientHour
        );

        var carriers = new List<SmsCarrier>();
        foreach (var name in SmsRoute.Providers(policy.Route))
        {
            if (await services.GetRequiredService<SmsAccounts>().ForAsync(siteId, name, ct) is { } account)
            {
                carriers.Add(new(services.GetRequiredKeyedService<ISmsProvider>(name), account));
            }
        }

        var site = (await services.GetRequiredService<SiteStore>().GetManyAsync([siteId], ct)).GetValueOrDefault(siteId);
        return new(policy, carriers, QuietHours.Of(site?.SmsQuiet, site?.TimeZone ?? ""));
    }
}
