using Gateway.Features.Mail.Api;

namespace Gateway.Features.Mail.Brevo;

internal static class BrevoMailSetup
{
    public static IServiceCollection AddBrevoMail(this IServiceCollection services) =>
        services.AddApiMail<IBrevoMailApi, BrevoMailOptions>(
            BrevoMail.Key,
            "Brevo",
            BrevoMailOptions.Section,
            (api, options, account, clock) => new BrevoMail(api, options, account, clock),
            (api, options, ct) => api.ReadAccountAsync(options.ApiKey!, ct),
            (answer, _) => BrevoMailAnswers.ErrorOf(answer)
        );
}
