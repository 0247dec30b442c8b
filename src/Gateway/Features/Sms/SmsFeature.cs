using Gateway.Features.Sms.Receipts;
using Gateway.Features.Sms.Twilio;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms;

/// <summary>Transactional SMS: taken in, sent once, and what became of them.</summary>
internal static class SmsFeature
{
    public static IServiceCollection AddSms(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SmsOptions>, SmsOptions.Validator>();
        services.AddOptions<SmsOptions>()
            .BindConfiguration(SmsOptions.Section)
            .PostConfigure<IHostEnvironment>((options, environment) =>
            {
                if (environment.IsDevelopment())
                {
                    options.Route ??= SmsRoute.Sandbox;
                    options.Countries ??= "*";
                }
            })
            .ValidateOnStart();
        return services.AddScoped<SmsAccounts>()
            .AddTwilioSms()
            .AddReceipts();
    }

    public static void MapSms(this IEndpointRouteBuilder app)
    {
        app.MapReceipts();
    }
}
