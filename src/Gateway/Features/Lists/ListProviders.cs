using Gateway.Features.Contacts;
using Gateway.Infrastructure;

namespace Gateway.Features.Lists;

/// <summary>The key a provider is registered under, as <see cref="ContactList.Provider"/> holds it.</summary>
internal sealed record ListProviderKey(string Key);

/// <summary>Finds the provider of a list.</summary>
internal sealed class ListProviders(IServiceProvider services, IEnumerable<ListProviderKey> keys)
{
    /// <returns>Null when there is none.</returns>
    public IListProvider? Of(string key) => services.GetKeyedService<IListProvider>(key);

    /// <returns>The provider, or what an operator must change before there is one.</returns>
    public Result<IListProvider> Find(string key, string? providerListId)
    {
        if (Of(key) is not { } provider)
        {
            return Refusal.Invalid(
                "provider",
                $"There is no list provider \"{key}\". A provider is one of {string.Join(", ", keys.Select(known => known.Key))}."
            );
        }

        return provider.ErrorOf(providerListId) is { } error
            ? Refusal.Invalid("provider", error)
            : new Result<IListProvider>.Done(provider);
    }
}

internal static class ListProviderSetup
{
    public static IServiceCollection AddListProvider<T>(this IServiceCollection services, string key)
        where T : class, IListProvider => services.AddSingleton(new ListProviderKey(key)).AddKeyedScoped<IListProvider, T>(key);
}
