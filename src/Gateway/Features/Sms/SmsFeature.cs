using FluentValidation;
using Gateway.Features.Connections;
using Gateway.Features.Sites;
using Gateway.Features.Sms.Brevo;
using Gateway.Features.Sms.Guard;
using Gateway.Features.Sms.Mailjet;
using Gateway.Features.Sms.Receipts;
using Gateway.Features.Sms.Sandbox;
using Gateway.Features.Sms.Twilio;
using Gateway.Features.Sms.Vonage;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Data.Backups;
using Gateway.Infrastructure.Queue;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Sms;

/// <summary>Transactional SMS: taken in, sent once, and what became of them.</summary>
internal static class SmsFeature
{
    public static IServiceCollection AddSms(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<SmsOptions>, SmsOptions.Validator>();
        services
            .AddOptions<SmsOptions>()
            .BindConfiguration(SmsOptions.Section)
            .PostConfigure<IHostEnvironment>(
                (options, environment) =>
                {
                    if (environment.IsDevelopment())
                    {
                        options.Route ??= SmsRoute.Sandbox;
                        options.Countries ??= "*";
                    }
                }
            )
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<SmsGuardOptions>, SmsGuardOptions.Validator>();
        services.AddOptions<SmsGuardOptions>().BindConfiguration(SmsGuardOptions.Section).ValidateOnStart();
        return services
            .AddSmsProvider<SandboxSms, SandboxAccount>(SmsRoute.Sandbox, _ => new SandboxAccount())
            .AddTwilioSms()
            .AddMailjetSms()
            .AddVonageSms()
            .AddBrevoSms()
            .AddSingleton<IValidator<SmsRequest>, SmsRequest.Validator>()
            .AddSingleton<IValidator<ReadSms.Search>, ReadSms.Search.Validator>()
            .AddScoped<SmsAccounts>()
            .AddSingleton<SmsSettingsCache>()
            .AddSingleton<IConnectionListener>(provider => provider.GetRequiredService<SmsSettingsCache>())
            .AddScoped<ISenders, SmsSenders>()
            .AddScoped<SmsBudget>()
            .AddScoped<SpendingRows>()
            .AddScoped<VisitorCounts>()
            .AddScoped<SmsGuardReport>()
            .AddSingleton<SmsPrices>()
            .AddSingleton<SmsRanges>()
            .AddScoped<AcceptSms>()
            .AddSingleton<SmsTemplates>()
            .AddScoped<HandOverSms>()
            .AddScoped<FollowSms>()
            .AddScoped<SmsPacing>()
            .AddScoped<ResolveSms>()
            .AddScoped<WithdrawSms>()
            .AddReceipts()
            .AddSingleton<SmsInbox>()
            .AddSingleton<SmsWrites>()
            .AddSingleton<SmsMetrics>()
            .AddScoped<SmsStore>()
            .AddScoped<IPersonalData, SmsPersonalData>()
            .AddScoped<SmsReplies>()
            .AddScoped<IFailedItems, UnclearReplies>()
            .AddFailableQueue<FailedSms, SmsMessage>()
            .AddScoped<ISettledRows, SettledSms>()
            .AddScoped<ISettledRows, SettledInboundEvents>()
            .AddScoped<IAfterRestore>(provider => provider.GetRequiredService<FailedSms>())
            .AddHeldRows<SmsMessage, SendSms>(SmsConnections.Queue)
            .AddQueueWorker<SendSms>("sms", SendSms.Loops);
    }

    public static void MapSms(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/sms").WithTags("SMS").RequireScope(Scopes.Sms);
        ReceiveSms.Map(group);
        ReadSms.Map(group);
        CancelSms.Map(group);
        UseSms.Map(group);
        app.MapReceipts();
    }
}
