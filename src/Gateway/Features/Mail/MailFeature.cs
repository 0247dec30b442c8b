using FluentValidation;
using Gateway.Features.Connections;
using Gateway.Features.Mail.AmazonSes;
using Gateway.Features.Mail.Bounces;
using Gateway.Features.Mail.Brevo;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.Mail.Dkim;
using Gateway.Features.Mail.Mailbox;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Mailjet;
using Gateway.Features.Mail.Postmark;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Mail.Resend;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Features.Mail.Smtp;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Features.Templates;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.NameServers;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail;

/// <summary>Renders mails and hands them to a transport.</summary>
internal static class MailFeature
{
    /// <summary>Room for the longest text in any encoding.</summary>
    private const int BodyBytes = 256 * 1024;

    public static IServiceCollection AddMail(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptions.Validator>();
        services
            .AddOptions<MailOptions>()
            .BindConfiguration(MailOptions.Section)
            .PostConfigure<IHostEnvironment>(
                (options, environment) =>
                    options.Transport ??= environment.IsDevelopment() ? MailOptions.MailboxTransport : MailOptions.SmtpTransport
            )
            .ValidateOnStart();

        MtaStsFiles.AddTo(services);
        return SmtpAccessTokens
            .AddTo(services)
            .AddKeyedSingleton<IMailTransport, MailboxTransport>(MailOptions.MailboxTransport)
            .AddKeyedSingleton<IMailTransport, SmtpTransport>(MailOptions.SmtpTransport)
            .AddSingleton<SmtpConnections>()
            .AddSmtpServers()
            .AddMailjetMail()
            .AddBrevoMail()
            .AddPostmarkMail()
            .AddResendMail()
            .AddAmazonSes()
            .AddSingleton<MailTransports>()
            .AddSingleton<IConnectionListener>(provider => provider.GetRequiredService<MailTransports>())
            .AddScoped<MailRoute>()
            .AddScoped<IConnectionUse, MailRouteUse>()
            .AddSingleton<MailDetours>()
            .AddSingleton<OtherMails>()
            .AddSingleton<MailLanes>()
            .AddRestartedService<MailLanes>()
            .AddSingleton(provider =>
                provider.GetRequiredKeyedService<IMailTransport>(provider.GetRequiredService<IOptions<MailOptions>>().Value.Transport)
            )
            .AddSingleton<WriteMail>()
            .AddSingleton<MailMetrics>()
            .AddScoped<MessageStore>()
            .AddScoped<WithdrawMessage>()
            .AddScoped<MailSources>()
            .AddSingleton<FreshMails>()
            .AddRestartedService<FreshMails>()
            .AddScoped<IMailSource, TransactionalMailSource>()
            .AddScoped<IPersonalData, MailPersonalData>()
            .AddScoped<IOutageListener, OperatorMail>()
            .AddScoped<SystemMail>()
            .AddSingleton<DirectMail>()
            .AddScoped<ITemplateUse, MessageTemplateUse>()
            .AddScoped<TestSend>()
            .AddSingleton<IValidator<SendTest.Request>, SendTest.Validator>()
            .AddFailableQueue<FailedMessages, Message>()
            .AddScoped<ISettledRows, SettledMessages>()
            .AddScoped<ISettledRows, SettledMailEvents>()
            .AddHeldRows<Message, SendMessages>(MailConnections.Queue)
            .AddScoped<RecordMessageOutcomes>()
            .AddSingleton<MailWays>()
            .AddScoped<MailBatch>()
            .AddSingleton<BounceWitnesses>()
            .AddMailEvents()
            .AddMailRates()
            .AddSingleton<IDnsAnswers, DnsAnswers>()
            .AddSingleton<CheckDomain>()
            .AddSingleton<SenderDomainReports>()
            .AddScoped<SenderDomainQuestions>()
            .AddScoped<ISiteCheck, SenderDomainFaults>()
            .AddScoped<DomainTestMails>()
            .AddScoped<DkimKeyStore>()
            .AddSingleton<SigningKeys>()
            .AddQueueWorker<SendMessages>("mail", SendMessages.Loops)
            .AddScoped<MailSenders>()
            .AddScoped<ISenders>(provider => provider.GetRequiredService<MailSenders>())
            .AddSingleton<BudgetKeys>()
            .AddScoped<MailSpendingStore>()
            .AddScoped<MessageBudget>()
            .AddScoped<TransactionalMail>()
            .AddSingleton<IValidator<AcceptMessage.Request>, AcceptMessageValidator>();
    }

    public static void MapMail(this IEndpointRouteBuilder app)
    {
        var messages = app.MapGroup("/v1/messages")
            .WithTags("Messages")
            .RequireScope(Scopes.Mail)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes));
        AcceptMessage.Map(messages);
        ReadMessage.Map(messages);
        CancelMessage.Map(messages);
        SendTest.Map(app.MapTemplate());
        ReceiveMailEvents.Map(app);
        ReadRates.Map(app);
        ReadSenderDomains.Map(app);
    }
}
