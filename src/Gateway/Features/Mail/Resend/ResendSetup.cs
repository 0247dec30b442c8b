using Gateway.Features.Mail.Api;

namespace Gateway.Features.Mail.Resend;

internal static class ResendSetup
{
    public static IServiceCollection AddResendMail(this IServiceCollection services) =>
        services.AddApiMail<IResendApi, ResendOptions>(
            ResendMail.Key,
            "Resend",
            ResendOptions.Section,
            (api, options, account, clock) => new ResendMail(api, options, account, clock),
            (api, options, ct) => api.ReadDomainsAsync(options.ApiKey!, ct),
            (answer, _) => ResendAnswers.ErrorOf(answer)
        );
}
