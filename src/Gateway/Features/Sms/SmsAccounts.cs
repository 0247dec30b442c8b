using System.Text.Json;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>A provider that this installation knows.</summary>
/// <param name="AccountType">Its options class, which a site's own account is stored as.</param>
/// <param name="Installation">The account of the installation's settings.</param>
internal sealed record SmsProviderRegistration(string Name, Type AccountType, Func<IServiceProvider, ISmsAccount> Installation);

/// <summary>Which account a site uses at a provider: its own, or the installation's.</summary>
internal sealed class SmsAccounts(GatewayDb db, Secrets secrets, IEnumerable<SmsProviderRegistration> providers, IServiceProvider services)
{
    /// <returns>Null when there is no such provider, or neither the site nor the installation has a complete account there.</returns>
    public async Task<ISmsAccount?> ForAsync(Guid siteId, string provider, CancellationToken ct)
    {
        if (providers.SingleOrDefault(one => one.Name == provider) is not { } known)
        {
            return null;
        }

        var own = await db.SmsAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId && row.Provider == provider, ct);
        var account = own is null ? known.Installation(services) : Read(own.Settings, known.AccountType);
        return account.Faults().Any() ? null : account;
    }

    /// <summary>Stores a site's own account, in the place of the one it had.</summary>
    public Task SetAsync(Guid siteId, string provider, ISmsAccount account, CancellationToken ct) => db.WriteAsync(
        async () =>
        {
            await db.SmsAccounts.Where(row => row.SiteId == siteId && row.Provider == provider).ExecuteDeleteAsync(ct);
            db.SmsAccounts.Add(new() { SiteId = siteId, Provider = provider, Settings = secrets.Protect(JsonSerializer.Serialize(account, account.GetType(), JsonSerializerOptions.Web)) });
            await db.SaveChangesAsync(ct);
        },
        ct);

    private ISmsAccount Read(string settings, Type type) => (ISmsAccount)JsonSerializer.Deserialize(secrets.Unprotect(settings), type, JsonSerializerOptions.Web)!;
}
