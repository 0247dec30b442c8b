namespace Gateway.Features.OptIn;

/// <summary>Confirmation, code, cancel, unsubscribe, preferences.</summary>
internal static class OptInFeature
{
    public static IServiceCollection AddOptIn(this IServiceCollection services) => services
        .AddSingleton<LinkTokens>()
        .AddScoped<MailBudget>()
        .AddScoped<StartOptIn>();
}
