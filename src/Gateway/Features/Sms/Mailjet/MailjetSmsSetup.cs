using System.Text.Json;
using Gateway.Features.Connections;
using Microsoft.Extensions.Options;
using Refit;

namespace Gateway.Features.Sms.Mailjet;

internal static class MailjetSmsSetup
{
    /// <summary>Mailjet writes its members with a capital, so names go over the wire as they stand in the records.</summary>
    private static readonly RefitSettings Wire = new(new SystemTextJsonContentSerializer(new JsonSerializerOptions()));

    public static IServiceCollection AddMailjetSms(this IServiceCollection services)
    {
        services.AddOptions<MailjetSmsOptions>().BindConfiguration(MailjetSmsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailjetSmsOptions>, MailjetSmsOptions.Validator>();
        services
            .AddRefitGeneratedClient<IMailjetSmsApi>(Wire)
            .ConfigureHttpClient((provider, http) => http.BaseAddress = Options(provider).BaseUrl)
            .CallsOnce(provider => Options(provider).TimeLimit);
        services.AddConnectionProvider<MailjetSmsConnectionTest>(
            new(ConnectionKind.Sms, SmsRoute.Mailjet, "Mailjet", typeof(MailjetSmsOptions), MailjetSms.Settings, Options)
        );
        return services.AddSmsProvider<MailjetSms, MailjetSmsOptions>(SmsRoute.Mailjet, Options);
    }

    private static MailjetSmsOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<MailjetSmsOptions>>().Value;
}
