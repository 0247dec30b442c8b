namespace Gateway.Features.Sms;

internal static class SmsProviders
{
    /// <summary>Registers an adapter under its name, with the installation's own account.</summary>
    public static IServiceCollection AddSmsProvider<TProvider, TAccount>(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, TAccount> installation
    )
        where TProvider : class, ISmsProvider
        where TAccount : class, ISmsAccount =>
        services.AddKeyedSingleton<ISmsProvider, TProvider>(name).AddSingleton(new SmsProviderRegistration(name, installation));
}
