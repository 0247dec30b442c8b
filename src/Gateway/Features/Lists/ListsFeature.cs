using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Lists.Brevo;
using Gateway.Features.Lists.Listmonk;
using Gateway.Features.Lists.Mailchimp;
using Gateway.Features.Lists.MailerLite;
using Gateway.Features.Lists.Mailjet;
using Gateway.Features.Lists.Webhook;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry.Health;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists;

/// <summary>Lists, and the providers they are mirrored to.</summary>
internal static class ListsFeature
{
    public static IServiceCollection AddLists(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<CompareOptions>, CompareOptions.Validator>();
        services.AddOptions<CompareOptions>().BindConfiguration(CompareOptions.Section).ValidateOnStart();
        return services
            .AddScoped<ConfigureLists>()
            .AddScoped<ListSyncQueue>()
            .AddScoped<ListSyncHistory>()
            .AddScoped<ListProviders>()
            .AddScoped<PendingChanges>()
            .AddScoped<RecordSyncOutcomes>()
            .AddScoped<PushList>()
            .AddScoped<CompareList>()
            .AddScoped<ReadProviderLists>()
            .AddSingleton<ComparePass>()
            .AddRestartedService<CompareLists>()
            .AddSingleton<ListMetrics>()
            .AddScoped<IPersonalData, ListPersonalData>()
            .AddScoped<ISubscriptionRemarks, ListRemarks>()
            .AddFailableQueue<FailedSyncs, ListSync>()
            .AddHeldRows<ListSync, SyncLists>(ListConnections.Queue)
            .AddQueueWorker<SyncLists>("lists")
            .AddSingleton(new ListProviderRegistration(LocalLists.Key, Account: null, (_, _) => new LocalLists()))
            .AddSingleton<KnownAccounts>()
            .AddScoped<IConnectionUse, ListConnectionUse>()
            .AddMailjetLists()
            .AddBrevoLists()
            .AddMailchimpLists()
            .AddMailerLiteLists()
            .AddListmonkLists()
            .AddWebhookLists();
    }

    public static void MapLists(this IEndpointRouteBuilder app)
    {
        ReadLists.Map(app);
        ArchiveList.Map(app);
        ReadProviderLists.Map(app);
    }
}
