using Gateway.Features.Connections;
using Gateway.Infrastructure;

namespace Gateway.Features.Sms;

/// <summary>A provider that this installation knows.</summary>
/// <param name="Installation">The account of the installation's settings.</param>
internal sealed record SmsProviderRegistration(string Name, Func<IServiceProvider, ISmsAccount> Installation);

/// <summary>An account that a site uses.</summary>
/// <param name="ConnectionId">The connection it comes from; null for the installation's settings.</param>
internal sealed record SmsAccount(ISmsAccount Settings, Guid? ConnectionId);

/// <summary>Which account a site uses at a provider: that of its own connection, or the installation's.</summary>
internal sealed class SmsAccounts(ConnectionStore connections, IEnumerable<SmsProviderRegistration> providers, IServiceProvider services)
{
    /// <returns>Null when there is no such provider, or neither the site nor the installation has a complete account there.</returns>
    public async Task<SmsAccount?> ForAsync(Guid siteId, string provider, CancellationToken ct) =>
        (await ReadAsync(siteId, provider, ct)).IsRefused(out _, out var account) ? null : account;

    /// <returns>What the accounts lack, each as a sentence.</returns>
    public async Task<IReadOnlyList<string>> FaultsAsync(Guid siteId, IEnumerable<string> names, CancellationToken ct)
    {
        var errors = new List<string>();
        foreach (var name in names)
        {
            if ((await ReadAsync(siteId, name, ct)).IsRefused(out var why, out _))
            {
                errors.Add(why.Message);
            }
        }

        return errors;
    }

    private async Task<Result<SmsAccount>> ReadAsync(Guid siteId, string provider, CancellationToken ct)
    {
        if (providers.SingleOrDefault(one => one.Name == provider) is not { } known)
        {
            return Refusal.Invalid($"There is no provider \"{provider}\".");
        }

        if (await connections.OfSiteAsync(siteId, ConnectionKind.Sms, provider, ct) is { } own)
        {
            return connections.Open(own).IsRefused(out var why, out var open) ? why : new SmsAccount((ISmsAccount)open.Settings, own.Id);
        }

        var installation = known.Installation(services);
        return installation.Errors().ToList() is { Count: > 0 } errors
            ? Refusal.Invalid(string.Join('\n', errors))
            : new SmsAccount(installation, ConnectionId: null);
    }
}
