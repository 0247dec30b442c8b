using Gateway.Features.Contacts;

namespace Gateway.Features.Lists;

/// <summary>The key a provider is registered under, as <see cref="ContactList.Provider"/> holds it.</summary>
internal sealed record ListProviderKey(string Key);

/// <summary>Finds the provider of a list.</summary>
internal sealed class ListProviders(IServiceProvider services, IEnumerable<ListProviderKey> keys)
{
    /// <returns>The provider, or in a sentence what an operator must mend before there is one.</returns>
    public (IListProvider? Provider, string? Error) Find(string key, string? providerListId)
    {
        if (services.GetKeyedService<IListProvider>(key) is not { } provider)
        {
            return (
                null,
                $"There is no list provider \"{key}\". A provider is one of {string.Join(", ", keys.Select(known => known.Key))}."
            );
        }

        return provider.ErrorOf(providerListId) is { } error ? (null, error) : (provider, null);
    }
}

internal static class ListProviderSetup
{
    public static IServiceCollection AddListProvider<T>(this IServiceCollection services, string key)
        where T : class, IListProvider => services.AddSingleton(new ListProviderKey(key)).AddKeyedScoped<IListProvider, T>(key);
}
