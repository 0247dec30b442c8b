using Gateway.Features.Mail.MailEvents.BounceMailbox;
using Gateway.Features.Mail.MailEvents.Formats;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>What providers tell by themselves of mails: that they arrived, came back, or were called spam.</summary>
internal static class MailEventsSetup
{
    public static IServiceCollection AddMailEvents(this IServiceCollection services) =>
        SnsMessages
            .AddTo(services)
            .AddKeyedSingleton<IMailEventFormat, MailjetEvents>(MailEventFormats.Mailjet)
            .AddKeyedSingleton<IMailEventFormat, BrevoEvents>(MailEventFormats.Brevo)
            .AddKeyedSingleton<IMailEventFormat, PostmarkEvents>(MailEventFormats.Postmark)
            .AddKeyedSingleton<IMailEventFormat, SesEvents>(MailEventFormats.AmazonSes)
            .AddKeyedSingleton<IMailEventFormat, SendGridEvents>(MailEventFormats.SendGrid)
            .AddKeyedSingleton<IMailEventFormat, MailgunEvents>(MailEventFormats.Mailgun)
            .AddKeyedSingleton<IMailEventFormat, ResendEvents>(MailEventFormats.Resend)
            .AddKeyedSingleton<IMailEventFormat, GenericEvents>(MailEventFormats.Generic)
            .AddSingleton<MailEventInbox>()
            .AddSingleton<ReturnPath>()
            .AddSingleton<TakeInReports>()
            .AddSingleton<SmtpIntake>()
            .AddSingleton<IConnectionCheck, BounceMailboxCheck>()
            .AddRestartedService<ReadBounceMailbox>()
            .AddRestartedService<ListenForBounces>()
            .AddScoped<MailEventSources>()
            .AddScoped<RecordSuppression>()
            .AddScoped<RecordSignsOfLife>()
            .AddFailableQueue<FailedMailEvents, MailEvent>()
            .AddQueueWorker<ApplyMailEvents>("mail-events");
}
