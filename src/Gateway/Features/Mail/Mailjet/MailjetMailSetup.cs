using Gateway.Features.Mail.Api;

namespace Gateway.Features.Mail.Mailjet;

internal static class MailjetMailSetup
{
    public static IServiceCollection AddMailjetMail(this IServiceCollection services) =>
        services.AddApiMail<IMailjetMailApi, MailjetMailOptions>(
            MailjetMail.Key,
            "Mailjet",
            MailjetMailOptions.Section,
            (api, options, account, clock) => new MailjetMail(api, options, account, clock),
            (api, options, ct) => api.ReadSendersAsync(MailjetMail.CredentialsOf(options), ct),
            (answer, _) => MailjetMailAnswers.ErrorOf(answer)
        );
}
