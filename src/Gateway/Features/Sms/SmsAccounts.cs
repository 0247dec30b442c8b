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
internal sealed class SmsAccounts(
    GatewayDb db,
    SecretEncryption secrets,
    IEnumerable<SmsProviderRegistration> providers,
    IServiceProvider services
)
{
    /// <returns>Null when there is no such provider, or neither the site nor the installation has a complete account there.</returns>
    public async Task<ISmsAccount?> ForAsync(Guid siteId, string provider, CancellationToken ct) =>
        await ReadAsync(siteId, provider, ct) is { } account && !account.Errors().Any() ? account : null;

    /// <returns>What the accounts lack, each as a sentence.</returns>
    public async Task<IReadOnlyList<string>> FaultsAsync(Guid siteId, IEnumerable<string> names, CancellationToken ct)
    {
        var errors = new List<string>();
        foreach (var name in names)
        {
            errors.AddRange(await ReadAsync(siteId, name, ct) is { } account ? account.Errors() : [$"There is no provider \"{name}\"."]);
        }

        return errors;
    }

    /// <summary>
    /// Stores a site's own account in the place of the one it had; an empty object makes it use the installation's again.
    /// </summary>
    /// <param name="settings">The provider's options as JSON.</param>
    /// <returns>What is wrong with it, as sentences; then nothing was stored.</returns>
    public async Task<IReadOnlyList<string>> SetAsync(Guid siteId, string provider, string settings, CancellationToken ct)
    {
        if (Known(provider) is not { } known)
        {
            return [$"There is no provider \"{provider}\"."];
        }

        using var given = JsonDocument.Parse(settings);
        var removes = given.RootElement.ValueKind == JsonValueKind.Object && !given.RootElement.EnumerateObject().Any();
        if (!removes && Read(settings, known.AccountType).Errors().ToList() is { Count: > 0 } errors)
        {
            return errors;
        }

        await db.WriteAsync(
            async () =>
            {
                await db.SmsAccounts.Where(row => row.SiteId == siteId && row.Provider == provider).ExecuteDeleteAsync(ct);
                if (!removes)
                {
                    db.SmsAccounts.Add(
                        new()
                        {
                            SiteId = siteId,
                            Provider = provider,
                            Settings = secrets.Protect(settings),
                        }
                    );
                }

                await db.SaveChangesAsync(ct);
            },
            ct
        );
        return [];
    }

    private async Task<ISmsAccount?> ReadAsync(Guid siteId, string provider, CancellationToken ct)
    {
        if (Known(provider) is not { } known)
        {
            return null;
        }

        var own = await db.SmsAccounts.AsNoTracking().SingleOrDefaultAsync(row => row.SiteId == siteId && row.Provider == provider, ct);
        return own is null ? known.Installation(services) : Read(secrets.Unprotect(own.Settings), known.AccountType);
    }

    private SmsProviderRegistration? Known(string provider) => providers.SingleOrDefault(one => one.Name == provider);

    private static ISmsAccount Read(string settings, Type type) =>
        (ISmsAccount)JsonSerializer.Deserialize(settings, type, JsonSerializerOptions.Web)!;
}
