using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Sms.Brevo;

internal static class BrevoSmsSetup
{
    private static readonly RefitSettings Wire = new(new SystemTextJsonContentSerializer(BrevoJson.Wire));

    public static IServiceCollection AddBrevoSms(this IServiceCollection services)
    {
        services.AddOptions<BrevoSmsOptions>().BindConfiguration(BrevoSmsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BrevoSmsOptions>, BrevoSmsOptions.Validator>();
        services
            .AddRefitGeneratedClient<IBrevoSmsApi>(Wire)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .CallsOnce(provider => Options(provider).TimeLimit);
        services.AddConnectionProvider<BrevoSmsConnectionTest>(
            new(ConnectionKind.Sms, SmsRoute.Brevo, "Brevo", typeof(BrevoSmsOptions), BrevoSms.Settings, Options)
        );
        return services.AddSmsProvider<BrevoSms, BrevoSmsOptions>(SmsRoute.Brevo, Options);
    }

    private static BrevoSmsOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<BrevoSmsOptions>>().Value;
}
