using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Sms.Vonage;

internal static class VonageSetup
{
    private static readonly RefitSettings Wire = new(new SystemTextJsonContentSerializer(VonageJson.Wire));

    public static IServiceCollection AddVonageSms(this IServiceCollection services)
    {
        services.AddOptions<VonageOptions>().BindConfiguration(VonageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<VonageOptions>, VonageOptions.Validator>();
        services
            .AddRefitGeneratedClient<IVonageApi>(Wire)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .CallsOnce(provider => Options(provider).TimeLimit);
        services
            .AddRefitGeneratedClient<IVonageAccountApi>(Wire)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).AccountUrl)
            .CallsOnce(provider => Options(provider).TimeLimit);
        services.AddConnectionProvider<VonageConnectionTest>(
            new(ConnectionKind.Sms, SmsRoute.Vonage, "Vonage", typeof(VonageOptions), VonageSms.Settings, Options)
        );
        return services.AddSmsProvider<VonageSms, VonageOptions>(SmsRoute.Vonage, Options);
    }

    private static VonageOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<VonageOptions>>().Value;
}
