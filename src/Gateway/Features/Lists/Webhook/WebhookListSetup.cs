using Gateway.Features.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Webhook;

internal static class WebhookListSetup
{
    public static IServiceCollection AddWebhookLists(this IServiceCollection services)
    {
        services.AddOptions<WebhookListOptions>().BindConfiguration(WebhookListOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookListOptions>, WebhookListOptions.Validator>();
        return services
            .AddSingleton<WebhookListClient>()
            .AddListProvider(
                new(ConnectionKind.List, WebhookLists.Key, "Webhook", typeof(WebhookListOptions), WebhookLists.Settings, Options),
                (scope, settings) => new WebhookLists((WebhookListOptions)settings, scope.GetRequiredService<WebhookListClient>()),
                scope => new WebhookListConnectionTest(scope.GetRequiredService<WebhookListClient>())
            );
    }

    private static WebhookListOptions Options(IServiceProvider services) =>
        services.GetRequiredService<IOptions<WebhookListOptions>>().Value;
}
