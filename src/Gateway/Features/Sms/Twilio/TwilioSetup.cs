using Gateway.Features.Connections;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms.Twilio;

internal static class TwilioSetup
{
    public static IServiceCollection AddTwilioSms(this IServiceCollection services)
    {
        services.AddOptions<TwilioOptions>().BindConfiguration(TwilioOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptions.Validator>();
        services
            .AddHttpClient(TwilioSms.HttpName)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .CallsOnce(provider => Options(provider).TimeLimit);
        services.AddRestartedService<TwilioWarmUp>();
        services.AddConnectionProvider<TwilioConnectionTest>(
            new(ConnectionKind.Sms, SmsRoute.Twilio, "Twilio", typeof(TwilioOptions), TwilioSms.Settings, Options)
        );
        return services.AddSmsProvider<TwilioSms, TwilioOptions>(SmsRoute.Twilio, Options);
    }

    private static TwilioOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<TwilioOptions>>().Value;
}
