using System.Text.Json;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Operations;

/// <summary>The commands as an operator types them, in a process of their own beside the running gateway.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TestDatabase _database = new();

    [Fact]
    public async Task What_failed_is_listed_shown_and_replayed_to_its_end()
    {
        var site = await RunAsync("site", "add", "Ann's Shop", "--from", "news@shop.example");
        var siteId = site.GetProperty("site").GetString()!;
        var list = (await RunAsync("list", "add", siteId, "Newsletter")).GetProperty("list").GetString()!;
        using var load = new Load(siteId, "lst_" + Guid.CreateVersion7().ToString("N"), site.GetProperty("signingSecret").GetString()!);
        await using var gateway = GatewayProcess.Start(_database.ConnectionString, _database.Folder);

        await load.RunAsync(await gateway.Listening, atMost: 1, enough: () => !load.Acknowledged.IsEmpty);
        var failed = await Eventually.BecomesAsync(() => RunAsync("failed", "list"), rows => rows.GetArrayLength() == 1);
        var id = failed[0].GetProperty("id").GetString()!;
        var shown = await RunAsync("failed", "show", id);
        var replayed = await RunAsync("failed", "replay", id, "--list", list);

        Assert.Equal(load.Acknowledged.Values.Single(), id);
        Assert.Equal("unknown_list", failed[0].GetProperty("code").GetString());
        Assert.Contains("person-1@example.org", shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.True(replayed.GetProperty("replayed").GetBoolean());
        Assert.Equal(0, (await RunAsync("failed", "list")).GetArrayLength());
        Assert.Equal(JsonValueKind.True, (await RunAsync("consents", "verify")).GetProperty("ok").ValueKind);
    }

    [Fact]
    public async Task A_site_is_changed_where_an_option_says_so()
    {
        var id = (await RunAsync("site", "add", "Ann's Shop", "--from", "news@shop.example")).GetProperty("site").GetString()!;

        await RunAsync("site", "set", id, "--tell-submissions", "on");
        await RunAsync("site", "set", id, "--name", "Ann's Store", "--language", "fr");
        var site = Assert.Single((await RunAsync("site", "list")).EnumerateArray());

        Assert.Equal("Ann's Store", site.GetProperty("name").GetString());
        Assert.Equal("news@shop.example", site.GetProperty("from").GetString());
        Assert.Equal("fr", site.GetProperty("language").GetString());
        Assert.True(site.GetProperty("tellSubmissions").GetBoolean());
        Assert.False((await RunAsync("site", "set", id, "--tell-submissions", "off")).GetProperty("tellSubmissions").GetBoolean());
        Assert.Equal(0, (await RunAsync("hook", "list", id)).GetArrayLength());
    }

    [Fact]
    public async Task What_a_site_may_send_is_set_checked_and_an_unknown_outcome_is_settled()
    {
        var keys = await RunAsync("site", "add", "Ann's Shop", "--from", "news@shop.example");
        var site = keys.GetProperty("site").GetString()!;
        await RunAsync("sms", "rules", site, "--route", "twilio", "--countries", "FR", "--parts-per-day", "5");
        var lacking = await RunAsync("sms", "check", site);
        Assert.NotEqual(0, lacking.GetProperty("missing").GetArrayLength());
        Assert.Equal(5, lacking.GetProperty("policy").GetProperty("partsPerDay").GetInt32());

        var account = """{"accountSid":"AC0123456789abcdef0123456789abcdef","authToken":"token","from":"+15005550006"}""";
        await GatewayProcess.CommandWithInputAsync(_database.ConnectionString, _database.Folder, account, "sms", "account", site, "twilio");
        var ready = await RunAsync("sms", "check", site);
        Assert.Equal(0, ready.GetProperty("missing").GetArrayLength());
        Assert.Equal("+15005550006", ready.GetProperty("ready")[0].GetProperty("senders")[0].GetString());

        // A provider that is not to be understood leaves it unknown.
        await using var twilio = Sms.RawServer.Answering(Sms.RawServer.Answer(200, "<html>"));
        await using var gateway = GatewayProcess.Start(
            _database.ConnectionString, _database.Folder, settings: new Dictionary<string, string> { ["Sms__Twilio__BaseUrl"] = twilio.Url });
        using var load = new SmsLoad(keys.GetProperty("clientId").GetString()!, keys.GetProperty("clientSecret").GetString()!);
        await load.RunAsync(await gateway.Listening, total: 1);
        var id = load.Accepted.Values.Single();
        var unknown = await Eventually.BecomesAsync(() => RunAsync("failed", "list"), rows => rows.GetArrayLength() == 1);
        Assert.Equal((id, "sms_unknown"), (unknown[0].GetProperty("id").GetString(), unknown[0].GetProperty("code").GetString()));

        Assert.Equal("delivered", (await RunAsync("sms", "settle", id, "delivered")).GetProperty("status").GetString());
        Assert.Equal(0, (await RunAsync("failed", "list")).GetArrayLength());
    }

    [Fact]
    public async Task What_cannot_be_done_ends_with_a_sentence_and_a_code()
    {
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["ConnectionStrings__Gateway"] = _database.ConnectionString,
            ["Gateway__PublicUrl"] = "http://localhost",
        };

        foreach (var command in new[] { "failed replay sub_x", "failed show sub_x", "key rotate site_x", "list add site_x Name", "site add Shop --from nobody", "consents verify nonsense", "site set site_x --name Shop", "hook list site_x", "failed replay dlv_x", "sms check site_x", "sms rules site_x", "sms settle sms_x sent", "sms settle sms_x perhaps", "admin link --site site_x", "admin revoke", "admin revoke nobody", "nonsense" })
        {
            var (code, error) = await GatewayProcess.TryCommandAsync(_database.Folder, settings, command.Split(' '));
            Assert.NotEqual(0, code);
            Assert.NotEqual("", error.Trim());
            Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _database.Dispose();

    private Task<JsonElement> RunAsync(params string[] arguments) => GatewayProcess.CommandAsync(_database.ConnectionString, _database.Folder, arguments);
}
