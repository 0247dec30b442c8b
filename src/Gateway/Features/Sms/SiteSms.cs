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
internal sealed record SiteSms(SmsPolicy Policy, IReadOnlyList<SmsCarrier> Carriers)
{
    /// <returns>Those to ask for this number, in order.</returns>
    public IReadOnlyList<SmsCarrier> For(string number) =>
        [.. SmsRoute.For(Policy.Route ?? "", number).SelectMany(name => Carriers.Where(carrier => carrier.Provider.Name == name))];
}

internal sealed class SmsDirectory(GatewayDb db, SmsAccounts accounts, IOptions<SmsOptions> options, IServiceProvider services)
{
    public async Task<SiteSms> OfAsync(Guid siteId, CancellationToken ct)
    {
        var own = await db.SmsRules.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId, ct);
        var all = options.Value;
        var policy = new SmsPolicy(
            own?.Route ?? all.Route,
            own?.Countries ?? all.Countries,
            own?.PartsPerDay ?? all.PartsPerDay,
            own?.PartsPerMonth ?? all.PartsPerMonth,
            own?.PerRecipientHour ?? all.PerRecipientHour);

        var carriers = new List<SmsCarrier>();
        foreach (var name in SmsRoute.Providers(policy.Route))
        {
            if (await accounts.ForAsync(siteId, name, ct) is { } account)
            {
                carriers.Add(new(services.GetRequiredKeyedService<ISmsProvider>(name), account));
            }
        }

        return new(policy, carriers);
    }
}
