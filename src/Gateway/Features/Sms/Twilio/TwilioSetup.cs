using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Sms.Twilio;

internal static class TwilioSetup
{
    public static IServiceCollection AddTwilioSms(this IServiceCollection services)
    {
        services.AddOptions<TwilioOptions>().BindConfiguration(TwilioOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TwilioOptions>, TwilioOptions.Validator>();
        services.AddRefitGeneratedClient<ITwilioApi>()
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .CallsOnce(provider => Options(provider).TimeLimit);
        return services.AddSmsProvider<TwilioSms, TwilioOptions>(SmsRoute.Twilio, Options);
    }

    private static TwilioOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<TwilioOptions>>().Value;
}
