using Gateway.Features.Connections;

namespace Gateway.Features.Lists.Webhook;

/// <summary>Posts a signed request that tells of nobody.</summary>
internal sealed class WebhookListConnectionTest(WebhookListClient client) : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var account = (WebhookListOptions)settings;
        return client.ErrorOf(account) is { } unfit
            ? unfit
            : WebhookLists
                .Judge(await client.PostAsync(account, new WebhookLists.Content("test", List: null, ProviderList: null, []), ct))
                .Outcome.Why;
    }
}
