using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>A way to send mail that needs an account: of the installation, or of a connection.</summary>
/// <param name="Account">What connections to it are made of; its key is also the value of <c>Mail__Transport</c>.</param>
/// <param name="Open">Makes the transport for the account of one connection. Who opens it disposes it, where it can be.</param>
internal sealed record TransportProvider(ConnectionProvider Account, Func<IServiceProvider, IConnectionSettings, IMailTransport> Open)
{
    public string Key => Account.Key;
}

internal static class TransportProviderSetup
{
    /// <summary>Registers a provider as the installation's transport, as what sites may connect, and what tries its accounts.</summary>
    /// <typeparam name="TAccount">Its options class, which the section <paramref name="section"/> fills.</typeparam>
    /// <param name="section">As configuration names it: <c>Mail:Postmark</c>.</param>
    /// <param name="open">Makes the transport for one account.</param>
    /// <param name="test">Makes what tries an account.</param>
    public static IServiceCollection AddTransportProvider<TAccount>(
        this IServiceCollection services,
        string key,
        string title,
        string section,
        Func<IServiceProvider, TAccount, IMailTransport> open,
        Func<IServiceProvider, IConnectionTest> test
    )
        where TAccount : class, IConnectionSettings, new()
    {
        services.AddOptions<TAccount>().BindConfiguration(section).ValidateOnStart();
        var account = new ConnectionProvider(
            ConnectionKind.Mail,
            key,
            title,
            typeof(TAccount),
            section.Replace(":", "__", StringComparison.Ordinal),
            scope => IsInstallations(scope, key) ? Options<TAccount>(scope) : new TAccount()
        );
        return services
            .AddConnectionProvider(account, test)
            .AddSingleton(new TransportProvider(account, (scope, settings) => open(scope, (TAccount)settings)))
            .AddKeyedSingleton(key, (scope, _) => open(scope, Options<TAccount>(scope)));
    }

    /// <summary>An account that is set and not used is none of the installation's connections.</summary>
    private static bool IsInstallations(IServiceProvider services, string key) =>
        services.GetRequiredService<IOptions<MailOptions>>().Value.Transport == key;

    private static TAccount Options<TAccount>(IServiceProvider services)
        where TAccount : class => services.GetRequiredService<IOptions<TAccount>>().Value;
}
