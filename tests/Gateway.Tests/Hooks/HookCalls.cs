using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Hooks;

/// <summary>What scripts do with hooks, and what happens at a site.</summary>
internal static class HookCalls
{
    public static Task<Answer> AddHookAsync(
        this SiteUnderTest site,
        string events,
        string url,
        string? secret = null,
        string? scope = "hooks"
    )
    {
        var body = new JsonObject { ["event"] = events, ["url"] = url };
        if (secret is not null)
        {
            body["secret"] = secret;
        }

        return site.AuthorizedAsync(HttpMethod.Post, "/v1/hooks", body, scope);
    }

    /// <returns>The hook's id.</returns>
    public static async Task<string> HookAsync(this SiteUnderTest site, string events, string url, string? secret = null)
    {
        var answer = await site.AddHookAsync(events, url, secret);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Id;
    }

    public static Task<Answer> GetAsync(this SiteUnderTest site, string path, string scope = "hooks") =>
        site.AuthorizedAsync(HttpMethod.Get, path, scope: scope);

    public static async Task<JsonArray> ItemsAsync(this SiteUnderTest site, string path) =>
        (await site.GetAsync(path)).Json["items"]!.AsArray();

    public static Task<JsonArray> DeliveriesAsync(this SiteUnderTest site, string hook) =>
        site.ItemsAsync($"/v1/hooks/{hook}/deliveries");

    /// <summary>Waits until the newest delivery of a hook is as it should be.</summary>
    public static async Task<JsonNode> DeliveryAsync(this SiteUnderTest site, string hook, Func<JsonNode, bool> enough) =>
        (
            await Eventually.BecomesAsync(
                async () => (await site.DeliveriesAsync(hook)).FirstOrDefault(),
                one => one is not null && enough(one)
            )
        )!;

    /// <summary>Waits until the newest delivery of a hook is in a state.</summary>
    public static Task<JsonNode> DeliveryAsync(this SiteUnderTest site, string hook, string state) =>
        site.DeliveryAsync(hook, one => (string?)one["state"] == state);

    public static DateTime Time(this JsonNode node, string name) => node[name]!.GetValue<DateTime>();

    /// <summary>Lets something happen at the site, as any feature would write it down.</summary>
    /// <returns>The event's id.</returns>
    public static async Task<string> HappensAsync(this SiteUnderTest site, string type = EventTypes.SmsSent, DateTime? at = null) =>
        (await site.HappensAsync(1, type, at))[0];

    public static async Task<string[]> HappensAsync(
        this SiteUnderTest site,
        int times,
        string type = EventTypes.SmsSent,
        DateTime? at = null
    )
    {
        // Ids of one millisecond are in no order.
        site.Gateway.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await using var scope = site.Gateway.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var events = scope.ServiceProvider.GetRequiredService<Events>();
        List<Event> rows = [.. Enumerable.Range(1, times).Select(number => events.Of(type, site.Id, null, new { number }))];
        rows.ForEach(row => row.OccurredAt = at ?? row.OccurredAt);
        await db.WriteAsync(() => events.WriteAsync(db, rows, CancellationToken.None), CancellationToken.None);
        return [.. rows.Select(row => PublicId.Format(PublicId.Event, row.Id))];
    }

    /// <summary>Waits until every event of the site was handed to its hooks.</summary>
    public static Task FannedOutAsync(this SiteUnderTest site) =>
        Eventually.BecomesTrueAsync(() =>
            site.Gateway.InDatabaseAsync(db => db.Events.AllAsync(row => row.SiteId != site.Id || row.DueAt == null))
        );
}
