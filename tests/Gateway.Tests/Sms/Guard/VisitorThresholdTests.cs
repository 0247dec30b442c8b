using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Sites;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Sms.Guard;

/// <summary>Messages that visitors ask for and nobody uses: noted first, refused where the operator says so.</summary>
[Trait("Database", "both")]
public sealed class VisitorThresholdTests : IDisposable
{
    private const string Visitor = "198.51.100.7";

    private readonly TestDatabase database = new();
    private readonly TestClock clock = new();

    public VisitorThresholdTests() => clock.Advance(TimeSpan.FromMinutes(90 - clock.GetUtcNow().Minute));

    public void Dispose() => database.Dispose();

    [Fact]
    public async Task They_are_sent_and_noted_by_default()
    {
        await using var gateway = await Replica.StartAsync(database, clock);
        var caller = await Caller.NewAsync(gateway);

        for (var number = 0; number < 6; number++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await caller.SendAsync($"+3361234567{number}", Visitor)).Status);
        }

        // Three an hour to one country, five for one visitor.
        var guard = (await caller.CheckAsync()).GetProperty("guard");
        Assert.Equal("record", guard.GetProperty("visitors").GetString());
        var over = guard.GetProperty("overThresholds");
        Assert.Equal((3, 1), (over.GetProperty("unused_of_country").GetInt32(), over.GetProperty("unused_of_visitor").GetInt32()));
    }

    [Fact]
    public async Task They_are_refused_by_setting_and_the_refusals_are_noted()
    {
        await using var gateway = await StartAsync();
        var caller = await Caller.NewAsync(gateway);

        var answers = new List<Answer>();
        for (var number = 0; number < 5; number++)
        {
            answers.Add(await caller.SendAsync($"+3361234567{number}", Visitor));
        }

        Assert.All(answers.Take(3), answer => Assert.Equal(HttpStatusCode.Accepted, answer.Status));
        Assert.All(
            answers.Skip(3),
            answer => Assert.Equal((HttpStatusCode.TooManyRequests, "too_many_unused"), (answer.Status, answer.Code))
        );
        Assert.Contains("to this country", (string?)answers[^1].Json["detail"], StringComparison.Ordinal);
        var over = (await caller.CheckAsync()).GetProperty("guard").GetProperty("overThresholds");
        Assert.Equal(2, over.GetProperty("unused_of_country").GetInt32());

        // What no visitor asked for is not pumped by one.
        Assert.Equal(HttpStatusCode.Accepted, (await caller.SendAsync("+33612345699", null)).Status);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Accepted, (await caller.SendAsync("+33612345698", Visitor)).Status);
    }

    [Fact]
    public async Task What_is_used_counts_no_more_and_earns_room()
    {
        await using var gateway = await StartAsync();
        var caller = await Caller.NewAsync(gateway);

        for (var number = 0; number < 12; number++)
        {
            var sms = await caller.SendAsync($"+336123456{number:00}", Visitor);
            Assert.Equal(HttpStatusCode.Accepted, sms.Status);
            Assert.Equal(HttpStatusCode.NoContent, await caller.UseAsync(sms.Id));
            Assert.Equal(HttpStatusCode.NoContent, await caller.UseAsync(sms.Id));
        }

        var rows = await gateway.InDatabaseAsync(db =>
            db.SmsSpending.AsNoTracking().Where(row => row.SiteId == caller.SiteId).ToListAsync()
        );
        Assert.All(rows.Where(row => row.Period.StartsWith("unused", StringComparison.Ordinal)), row => Assert.Equal(0, row.Spent));
        Assert.All(rows.Where(row => row.Period.StartsWith("used", StringComparison.Ordinal)), row => Assert.Equal(12, row.Spent));
        Assert.DoesNotContain(rows, row => row.Period.Contains(Visitor, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_visitor_asks_for_messages_to_three_countries_at_most()
    {
        await using var gateway = await StartAsync();
        var caller = await Caller.NewAsync(gateway);
        string[] numbers = ["+33612345678", "+4915123456789", "+34612345678", "+447400123456"];

        var answers = new List<Answer>();
        foreach (var number in numbers)
        {
            answers.Add(await caller.SendAsync(number, "2001:db8::1"));
        }

        // Another address of the same /64 is the same visitor, another network is not.
        answers.Add(await caller.SendAsync("+447400123456", "2001:db8::2"));
        answers.Add(await caller.SendAsync("+447400123456", "2001:db8:0:1::2"));
        await caller.UseAsync(answers[0].Id);
        answers.Add(await caller.SendAsync("+447400123456", "2001:db8::1"));

        Assert.Equal(
            ["ok", "ok", "ok", "too_many_unused", "too_many_unused", "ok", "ok"],
            answers.Select(answer => answer.Status == HttpStatusCode.Accepted ? "ok" : answer.Code)
        );
        Assert.Contains("too many countries", (string?)answers[3].Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_gateways_share_thresholds_and_money()
    {
        (string, string)[] settings = [("Sms__Guard__Visitors", "refuse"), ("Sms__Guard__MoneyPerDay", "0.20")];
        await using var one = await Replica.StartAsync(database, clock, settings);
        await using var other = await Replica.StartAsync(database, clock, settings);
        var (pumped, spender) = (await Caller.NewAsync(one), await Caller.NewAsync(one));

        var asked = await Task.WhenAll(
            Enumerable
                .Range(0, 10)
                .Select(at => pumped.At(at % 2 == 0 ? one : other).SendAsync($"+1212555{2300 + at}", $"198.51.100.{at}"))
        );
        var paid = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(at => spender.At(at % 2 == 0 ? one : other).SendAsync($"+3361234567{at}", null))
        );

        Assert.Equal(3, asked.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.Equal(2, paid.Count(answer => answer.Status == HttpStatusCode.Accepted));
        Assert.All(
            paid.Where(answer => answer.Status != HttpStatusCode.Accepted),
            answer => Assert.Equal("budget_exceeded", answer.Code)
        );
    }

    [Fact]
    public async Task A_replay_from_elsewhere_is_the_same_message_and_a_senseless_address_is_refused()
    {
        await using var gateway = await StartAsync();
        var caller = await Caller.NewAsync(gateway);
        var other = await Caller.NewAsync(gateway);

        var first = await caller.SendAsync("+33612345678", Visitor, "k");
        var again = await caller.SendAsync("+33612345678", "203.0.113.9", "k");

        Assert.Equal(first.Id, again.Id);
        Assert.Equal("invalid_request", (await caller.SendAsync("+33612345678", "somewhere")).Code);
        Assert.Equal(HttpStatusCode.NotFound, await other.UseAsync(first.Id));
    }

    private Task<Replica> StartAsync() => Replica.StartAsync(database, clock, ("Sms__Guard__Visitors", "refuse"));

    /// <summary>A site's own program.</summary>
    private sealed record Caller(Replica Gateway, Guid SiteId, IssuedKeys Keys)
    {
        public static async Task<Caller> NewAsync(Replica gateway)
        {
            var site = new Site { Name = "Ann's Shop", FromEmail = "news@shop.example" };
            var keys = await gateway.InScopeAsync<SiteCredentials, IssuedKeys>(store => store.AddSiteAsync(site, CancellationToken.None));
            return new(gateway, site.Id, keys);
        }

        public Caller At(Replica gateway) => this with { Gateway = gateway };

        public async Task<Answer> SendAsync(string to, string? visitor, string? key = null)
        {
            var body = new JsonObject { ["to"] = to, ["text"] = "Your code is 1234" };
            if (visitor is not null)
            {
                body["visitorIp"] = visitor;
            }

            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sms") { Content = JsonContent.Create(body) };
            request.Headers.Add("Idempotency-Key", key ?? Guid.CreateVersion7().ToString());
            using var response = await CallAsync(request);
            return await Answer.ReadAsync(response);
        }

        public async Task<HttpStatusCode> UseAsync(string id)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/sms/{id}/used");
            using var response = await CallAsync(request);
            return response.StatusCode;
        }

        public async Task<JsonElement> CheckAsync() =>
            (
                await CommandResult.OfAsync(
                    () => Task.FromResult(Gateway.Services),
                    "",
                    ["sms", "check", PublicId.Format(PublicId.Site, SiteId), "--json"]
                )
            ).Json;

        private async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request)
        {
            var form = new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = Keys.ClientId,
                ["client_secret"] = Keys.ClientSecret,
            };
            using var issued = await Gateway.Browser.PostAsync("/oauth/token", new FormUrlEncodedContent(form));
            var token = (string)(await Answer.ReadAsync(issued)).Json["access_token"]!;
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await Gateway.Browser.SendAsync(request);
        }
    }
}
