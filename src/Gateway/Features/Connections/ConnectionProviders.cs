using Gateway.Infrastructure;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;

namespace Gateway.Features.Connections;

/// <summary>The providers that connections can be made to.</summary>
internal sealed class ConnectionProviders(IEnumerable<ConnectionProvider> all, IServiceProvider services)
{
    public IEnumerable<ConnectionProvider> All => all;

    /// <param name="word">As people write it: <c>list</c>.</param>
    public static Result<ConnectionKind> KindOf(string? word) =>
        Enum.GetValues<ConnectionKind>().Where(kind => Word(kind) == word?.Trim()).Cast<ConnectionKind?>().SingleOrDefault() is { } known
            ? known
            : Refusal.Invalid("kind", $"kind is one of {string.Join(", ", Enum.GetValues<ConnectionKind>().Select(Word))}.");

    public static string Word(ConnectionKind kind) => CaseConverter.Lower(kind.ToString());

    public Result<ConnectionProvider> Find(ConnectionKind kind, string? key) =>
        all.FirstOrDefault(one => one.Kind == kind && one.Key.Equals(key?.Trim(), StringComparison.OrdinalIgnoreCase)) is { } known
            ? known
            : Refusal.Invalid(
                "provider",
                $"There is no provider \"{key}\" for {Word(kind)}. A provider is one of "
                    + $"{string.Join(", ", all.Where(one => one.Kind == kind).Select(one => one.Key))}."
            );

    /// <inheritdoc cref="IConnectionTest.ErrorAsync"/>
    public Task<string?> TestAsync(ConnectionProvider provider, IConnectionSettings settings, CancellationToken ct) =>
        services.GetRequiredKeyedService<IConnectionTest>(provider.TestKey).ErrorAsync(settings, ct);
}

internal static class ConnectionProviderSetup
{
    /// <summary>
    /// Registers a provider with what tries its accounts; the installation's own account is tried by <c>check config --connect</c>.
    /// </summary>
    public static IServiceCollection AddConnectionProvider(
        this IServiceCollection services,
        ConnectionProvider provider,
        Func<IServiceProvider, IConnectionTest> test
    ) =>
        services
            .AddSingleton(provider)
            .AddKeyedTransient(provider.TestKey, (scope, _) => test(scope))
            .AddTransient<IConnectionCheck>(scope => new InstallationCheck(provider, scope));

    /// <inheritdoc cref="AddConnectionProvider"/>
    public static IServiceCollection AddConnectionProvider<TTest>(this IServiceCollection services, ConnectionProvider provider)
        where TTest : class, IConnectionTest =>
        services.AddConnectionProvider(provider, scope => ActivatorUtilities.CreateInstance<TTest>(scope));

    private sealed class InstallationCheck(ConnectionProvider provider, IServiceProvider services) : IConnectionCheck
    {
        public string Name =>
            provider.Kind switch
            {
                ConnectionKind.List => $"Lists at {provider.Title}",
                ConnectionKind.Sms => $"SMS at {provider.Title}",
                ConnectionKind.Mail when provider.Key != "smtp" => $"Mail at {provider.Title}",
                _ => $"Mail server {provider.Installation(services).Name}",
            };

        public bool IsConfigured => !provider.Installation(services).Errors().Any();

        public Task<string?> ErrorAsync(CancellationToken ct) =>
            services.GetRequiredKeyedService<IConnectionTest>(provider.TestKey).ErrorAsync(provider.Installation(services), ct);
    }
}
