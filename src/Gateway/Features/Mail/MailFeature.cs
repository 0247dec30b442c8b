using Gateway.Infrastructure.Jobs;

namespace Gateway.Features.Mail;

/// <summary>Renders mails and hands them to a transport.</summary>
internal static class MailFeature
{
    public static IServiceCollection AddMail(this IServiceCollection services) => services
        .AddDrain<SendMessages>("mail");
}
