using Gateway.Features.Mail;
using Gateway.Features.OptIn.ContactsApi;
using Gateway.Features.OptIn.Pages;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.OptIn;

/// <summary>Confirmation, code, cancel, unsubscribe, preferences: starting them, answering them, and the pages people see.</summary>
internal static class OptInFeature
{
    public static IServiceCollection AddOptIn(this IServiceCollection services) =>
        services
            .AddSingleton<LinkTokens>()
            .AddScoped<StartOptIn>()
            .AddScoped<AnswerOptIn>()
            .AddScoped<RecordConsent>()
            .AddScoped<ConfirmSubscription>()
            .AddScoped<ProveSubscription>()
            .AddScoped<EndSubscription>()
            .AddScoped<UnsubscribeFromLists>()
            .AddScoped<LiftRefusal>()
            .AddSingleton<OptInMetrics>()
            .AddScoped<IMailSource, OptInMailSource>()
            .AddScoped<IPersonalData, OptInPersonalData>()
            .AddQueueTable<OptInRequest>("expiry")
            .AddQueueWorker<ExpireRequests>("expiry")
            .AddContactsApi();

    public static void MapOptIn(this IEndpointRouteBuilder app)
    {
        OptInPages.Map(app);
        ContactsApi.ContactsApi.Map(app);
    }
}
