using Gateway.Features.OptIn.Pages;
using Gateway.Infrastructure.Jobs;

namespace Gateway.Features.OptIn;

/// <summary>Confirmation, code, cancel, unsubscribe, preferences: starting them, answering them, and the pages people see.</summary>
internal static class OptInFeature
{
    public static IServiceCollection AddOptIn(this IServiceCollection services) => services
        .AddSingleton<LinkTokens>()
        .AddScoped<MailBudget>()
        .AddScoped<SubscriptionBook>()
        .AddScoped<StartOptIn>()
        .AddScoped<AnswerOptIn>()
        .AddScoped<RecordConsent>()
        .AddScoped<ConfirmSubscription>()
        .AddScoped<ProveSubscription>()
        .AddScoped<EndSubscription>()
        .AddScoped<LeaveList>()
        .AddDrain<ExpireRequests>("expiry");

    public static void MapOptIn(this IEndpointRouteBuilder app) => OptInPages.Map(app);
}
