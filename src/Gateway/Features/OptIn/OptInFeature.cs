using Gateway.Features.Mail;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.OptIn.Budgets;
using Gateway.Features.OptIn.ContactsApi;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Features.OptIn.Pages;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>Confirmation, code, cancel, unsubscribe, preferences: starting them, answering them, and the pages people see.</summary>
internal static class OptInFeature
{
    public static IServiceCollection AddOptIn(this IServiceCollection services) =>
        services
            .AddBudgets()
            .AddSingleton<LinkTokens>()
            .AddSingleton<WriteConfirmation>()
            .AddScoped<HeldTurns>()
            .AddScoped<SignUps>()
            .AddScoped<ReleaseHeld>()
            .AddScoped<HeldBack>()
            .AddScoped<RenewRequests>()
            .AddScoped<UnansweredSubscriptions>()
            .AddScoped<StartOptIn>()
            .AddScoped<ResendConfirmation>()
            .AddScoped<OptInStandings>()
            .AddScoped<AnswerOptIn>()
            .AddScoped<RecordConsent>()
            .AddScoped<ConfirmSubscription>()
            .AddScoped<ProveSubscription>()
            .AddScoped<EndSubscription>()
            .AddScoped<ISuppressionListener, EndSuppressed>()
            .AddScoped<SuppressAddress>()
            .AddScoped<OwnData>()
            .AddScoped<UnsubscribeFromLists>()
            .AddScoped<LiftRefusal>()
            .AddSingleton<OptInMetrics>()
            .AddSingleton(new SampledGauge("gateway.confirmations.held", "Confirmation mails that wait for a budget.", CountHeldAsync))
            .AddScoped<IMailSource, OptInMailSource>()
            .AddScoped<IPersonalData, OptInPersonalData>()
            .AddScoped<DataSubjects>()
            .AddScoped<ISettledRows, ExpiredLinks>()
            .AddFailableQueue<FailedExpiries, OptInRequest>()
            .AddQueueWorker<ExpireRequests>("expiry")
            .AddHygiene()
            .AddContactsApi();

    private static Task<int> CountHeldAsync(IServiceProvider scope, CancellationToken ct) =>
        scope.GetRequiredService<GatewayDb>().OptInRequests.CountAsync(row => row.State == OptInState.Held, ct);

    public static void MapOptIn(this IEndpointRouteBuilder app)
    {
        OptInPages.Map(app);
        ContactsApi.ContactsApi.Map(app);
        HygieneSetup.Map(app);
    }
}
