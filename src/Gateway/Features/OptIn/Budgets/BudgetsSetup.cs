using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

internal static class BudgetsSetup
{
    public static IServiceCollection AddBudgets(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<ConfirmationOptions>, ConfirmationOptions.Validator>();
        services.AddOptions<ConfirmationOptions>().BindConfiguration(ConfirmationOptions.Section).ValidateOnStart();
        return services
            .AddSingleton<DisposableDomains>()
            .AddSingleton<IMailServerLookup, DnsMailServers>()
            .AddSingleton<RecipientDomains>()
            .AddSingleton(provider => new LargeDomains(
                provider.GetRequiredService<IOptions<ConfirmationOptions>>().Value.Budget.LargeDomains
            ))
            .AddSingleton<BreakerGauges>()
            .AddScoped<Breakers>()
            .AddScoped<ConfirmationBudget>();
    }
}
