using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Infrastructure;

namespace Gateway.Features.Lists;

/// <summary>A provider as the lists know it.</summary>
/// <param name="Key">As <see cref="ContactList.Provider"/> holds it.</param>
/// <param name="Account">What connections to it are made of; null for one that needs no account.</param>
/// <param name="Open">Makes the adapter for one account.</param>
internal sealed record ListProviderRegistration(
    string Key,
    ConnectionProvider? Account,
    Func<IServiceProvider, IConnectionSettings?, IListProvider> Open
);

/// <summary>Finds the provider of a list, with the account that the list is kept in.</summary>
internal sealed class ListProviders(
    IServiceProvider services,
    IEnumerable<ListProviderRegistration> providers,
    ConnectionStore connections
)
{
    /// <returns>The provider, or what somebody must change before there is one.</returns>
    public async Task<Result<IListProvider>> OpenAsync(ContactList list, CancellationToken ct)
    {
        if (providers.FirstOrDefault(one => one.Key == list.Provider) is not { } known)
        {
            return Refusal.Invalid(
                "provider",
                $"There is no list provider \"{list.Provider}\". A provider is one of "
                    + $"{string.Join(", ", providers.Select(one => one.Key))}."
            );
        }

        if ((await AccountAsync(known, list, ct)).IsRefused(out var why, out var account))
        {
            return why;
        }

        var provider = known.Open(services, account.Settings);
        return provider.ErrorOf(list.ProviderListId) is { } error
            ? Refusal.Invalid("provider", error)
            : new Result<IListProvider>.Done(provider);
    }

    /// <returns>The provider behind a connection; null when it is not one of lists.</returns>
    public IListProvider? Open(OpenConnection connection) =>
        connection.Row.Kind == ConnectionKind.List
            ? providers.FirstOrDefault(one => one.Key == connection.Row.Provider)?.Open(services, connection.Settings)
            : null;

    private async Task<Result<Account>> AccountAsync(ListProviderRegistration known, ContactList list, CancellationToken ct)
    {
        if (list.ConnectionId is { } id)
        {
            return await connections.FindAsync(id, ct) is not { } row || (row.SiteId is { } owner && owner != list.SiteId)
                    ? Refusal.Invalid("connection", "The list's connection is gone. Give the list another one.")
                : connections.Open(row).IsRefused(out var why, out var open) ? why
                : new Account(open.Settings);
        }

        if (known.Account is not { } provider)
        {
            return new Account(Settings: null);
        }

        var installation = provider.Installation(services);
        return installation.Errors().Any()
            ? Refusal.Invalid(
                "provider",
                $"{provider.Title} cannot be used yet: set {string.Join(" and ", Needed(provider))}, or give the list a connection."
            )
            : new Account(installation);
    }

    private static IEnumerable<string> Needed(ConnectionProvider provider) =>
        provider.Settings.Select(setting => $"{provider.Section}__{char.ToUpperInvariant(setting.Name[0])}{setting.Name[1..]}");

    /// <param name="Settings">Null where none is needed.</param>
    private sealed record Account(IConnectionSettings? Settings);
}

internal static class ListProviderSetup
{
    /// <summary>Registers a provider with what opens and what tries an account there.</summary>
    public static IServiceCollection AddListProvider(
        this IServiceCollection services,
        ConnectionProvider account,
        Func<IServiceProvider, IConnectionSettings, IListProvider> open,
        Func<IServiceProvider, IConnectionTest> test
    ) =>
        services
            .AddConnectionProvider(account, test)
            .AddSingleton(new ListProviderRegistration(account.Key, account, (scope, settings) => open(scope, settings!)));
}
