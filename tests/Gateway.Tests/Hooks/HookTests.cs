using System.Net;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Hooks;

public sealed class HookTests
{
    private const string Url = "https://hooks.example.org/1";

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task A_hook_is_made_listed_and_ended()
    {
        var site = await gateway.NewSiteAsync();

        var made = await site.AddHookAsync("subscription.confirmed", Url, WebhookSignature.NewSecret());

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.StartsWith("hk_", made.Id, StringComparison.Ordinal);
        Assert.Equal("subscription.confirmed", (string)made.Json["event"]!);
        Assert.Equal(Url, (string)made.Json["url"]!);
        Assert.True((bool)made.Json["signed"]!);
        Assert.DoesNotContain("whsec_", made.Text, StringComparison.Ordinal);
        var listed = Assert.Single(await site.ItemsAsync("/v1/hooks"))!;
        Assert.Equal((made.Id, Url, true), ((string)listed["id"]!, (string)listed["url"]!, (bool)listed["signed"]!));

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(site, made.Id)).Status);
        Assert.Empty(await site.ItemsAsync("/v1/hooks"));
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(site, made.Id)).Status);
        Assert.Equal(HttpStatusCode.Created, (await site.AddHookAsync("subscription.confirmed", Url)).Status);
    }

    [Fact]
    public async Task The_same_events_and_address_again_is_the_hook_that_exists()
    {
        var site = await gateway.NewSiteAsync();
        var first = await site.HookAsync("sms.sent,sms.failed", Url);

        var again = await site.AddHookAsync("sms.failed, sms.sent", Url, WebhookSignature.NewSecret());

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.Equal(first, again.Id);
        Assert.True((bool)again.Json["signed"]!);
        Assert.Equal(
            ["hook.secret_rotated"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Subject == first).Select(row => row.Action).ToListAsync()
            )
        );
        Assert.Equal("sms.sent,sms.failed", (string)again.Json["event"]!);
        Assert.NotEqual(first, await site.HookAsync("sms.sent", Url));
        Assert.NotEqual(first, await site.HookAsync("sms.sent,sms.failed", Url + "?other"));
    }

    [Fact]
    public async Task A_hook_is_given_another_address_and_another_secret()
    {
        var (site, other) = (await gateway.NewSiteAsync(), await gateway.NewSiteAsync());
        var hook = await site.HookAsync("sms.sent", Url);
        await site.HookAsync("sms.sent", Url + "?taken");

        var changed = await ChangeAsync(site, hook, new() { ["url"] = Url + "?new", ["secret"] = WebhookSignature.NewSecret() });
        var taken = await ChangeAsync(site, hook, new() { ["url"] = Url + "?taken" });
        var nothing = await ChangeAsync(site, hook, []);
        var wrong = await ChangeAsync(site, hook, new() { ["url"] = "ftp://x" });
        var foreign = await ChangeAsync(other, hook, new() { ["url"] = Url });

        Assert.Equal(
            (HttpStatusCode.OK, Url + "?new", true),
            (changed.Status, (string)changed.Json["url"]!, (bool)changed.Json["signed"]!)
        );
        Assert.Equal((HttpStatusCode.Conflict, "hook_exists"), (taken.Status, (string)taken.Json["code"]!));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (nothing.Status, wrong.Status));
        Assert.Equal(HttpStatusCode.NotFound, foreign.Status);
        Assert.Equal(
            ["hook.changed"],
            await gateway.InDatabaseAsync(db =>
                db.Audit.Where(row => row.SiteId == site.Id && row.Subject == hook).Select(row => row.Action).ToListAsync()
            )
        );
    }

    private static Task<Answer> ChangeAsync(SiteUnderTest site, string hook, JsonObject change) =>
        site.AuthorizedAsync(HttpMethod.Patch, "/v1/hooks/" + hook, change, "hooks");

    [Fact]
    public async Task Thirty_that_ask_at_once_get_one_hook()
    {
        var site = await gateway.NewSiteAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => site.AddHookAsync("sms.sent", Url)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Single(answers.Select(answer => answer.Id).Distinct());
    }

    [Theory]
    [InlineData("event", "", Url)]
    [InlineData("event", ", ,", Url)]
    [InlineData("event", "sms.sent,sms.lost", Url)]
    [InlineData("event", "*", Url)]
    [InlineData("url", "sms.sent", "")]
    [InlineData("url", "sms.sent", "hooks.example.org/1")]
    [InlineData("url", "sms.sent", "/hooks/1")]
    [InlineData("url", "sms.sent", "https://")]
    [InlineData("url", "sms.sent", "ftp://hooks.example.org/1")]
    [InlineData("url", "sms.sent", "file:///etc/passwd")]
    [InlineData("url", "sms.sent", "https://user:password@hooks.example.org/1")]
    [InlineData("url", "sms.sent", "https://hooks.example.org/1#part")]
    [InlineData("url", "sms.sent", "https://169.254.169.254/latest/meta-data")]
    [InlineData("url", "sms.sent", "http://8.8.8.8/")]
    [InlineData("secret", "sms.sent", Url, "secret")]
    [InlineData("secret", "sms.sent", Url, "whsec_c2hvcnQ=")]
    [InlineData("secret", "sms.sent", Url, "whsec_not base64 at all, not even nearly")]
    public async Task What_cannot_be_a_hook_is_refused_with_the_name_of_the_field(
        string field,
        string events,
        string url,
        string? secret = null
    )
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AddHookAsync(events, url, secret);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer.Code);
        Assert.Equal([field], answer.Json["errors"]!.AsObject().Select(error => error.Key));
        Assert.Empty(await site.ItemsAsync("/v1/hooks"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"event":["sms.sent"],"url":"https://hooks.example.org/1"}""")]
    public async Task A_body_of_another_shape_is_refused(string body)
    {
        var site = await gateway.NewSiteAsync();

        var answer = await site.AuthorizedAsync(HttpMethod.Post, "/v1/hooks", JsonNode.Parse(body));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_request", answer.Code);
    }

    [Fact]
    public async Task Submissions_are_told_only_where_the_site_switched_it_on()
    {
        var silent = await gateway.NewSiteAsync();
        var telling = await gateway.NewSiteAsync(site => site.TellSubmissions = true);

        var refused = await silent.AddHookAsync("sms.sent,submission.received", Url);

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal("event_not_enabled", refused.Code);
        Assert.Equal(HttpStatusCode.Created, (await telling.AddHookAsync("submission.received", Url)).Status);
    }

    [Fact]
    public async Task A_site_cannot_have_hooks_without_end()
    {
        var site = await gateway.NewSiteAsync();
        var now = gateway.Clock.GetUtcNow();
        List<Hook> many =
        [
            .. Enumerable
                .Range(0, HookStore.MaxPerSite)
                .Select(number => new Hook
                {
                    Id = Guid.CreateVersion7(now),
                    SiteId = site.Id,
                    Event = "sms.sent",
                    Url = $"{Url}?{number}",
                    CreatedAt = now.UtcDateTime,
                }),
        ];
        await gateway.InDatabaseAsync(db => db.WriteAsync(() => db.InsertNewAsync(many, CancellationToken.None), CancellationToken.None));

        var answer = await site.AddHookAsync("sms.sent", Url);

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Equal("too_many_hooks", answer.Code);
        Assert.Equal(HttpStatusCode.OK, (await site.AddHookAsync("sms.sent", Url + "?7")).Status);
    }

    [Fact]
    public async Task Writing_needs_the_scope_hooks_and_reading_it_or_read()
    {
        var site = await gateway.NewSiteAsync();
        var hook = await site.HookAsync("sms.sent", Url);

        Assert.Equal(HttpStatusCode.Forbidden, (await site.AddHookAsync("sms.sent", Url, scope: "read")).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook, scope: "read")).Status
        );
        foreach (var path in new[] { "/v1/hooks", "/v1/events", $"/v1/hooks/{hook}/deliveries" })
        {
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync(path, "read")).Status);
            Assert.Equal(HttpStatusCode.OK, (await site.GetAsync(path, "hooks")).Status);
            Assert.Equal(HttpStatusCode.Forbidden, (await site.GetAsync(path, "sms")).Status);
        }
    }

    [Fact]
    public async Task Lists_are_read_page_by_page()
    {
        var site = await gateway.NewSiteAsync();
        string[] hooks =
        [
            await site.HookAsync("sms.sent", Url),
            await site.HookAsync("sms.failed", Url),
            await site.HookAsync("sms.unknown", Url),
        ];

        var first = await site.GetAsync("/v1/hooks?limit=2");
        var second = await site.GetAsync($"/v1/hooks?limit=2&after={first.Json["next"]}");

        Assert.Equal(hooks[..2], first.Json["items"]!.AsArray().Select(item => (string)item!["id"]!));
        Assert.Equal(hooks[2], (string)Assert.Single(second.Json["items"]!.AsArray())!["id"]!);
        Assert.Null(second.Json["next"]);
        foreach (
            var (query, field) in new[] { ("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("after=evt_1", "after") }
        )
        {
            var wrong = await site.GetAsync("/v1/hooks?" + query);
            Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
            Assert.NotNull(wrong.Json["errors"]![field]);
        }
    }

    private static Task<Answer> DeleteAsync(SiteUnderTest site, string hook) =>
        site.AuthorizedAsync(HttpMethod.Delete, "/v1/hooks/" + hook, scope: "hooks");
}
