using System.Text.Json;
using Gateway.Features.Sms;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;
using Gateway.Tests.Sms;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Operations;

/// <summary>
/// The commands as an operator types them beside the running gateway. They run in this process; one test shows that the program does
/// the same.
/// </summary>
public sealed class CommandLineTests
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task What_failed_is_listed_shown_and_replayed_to_its_end()
    {
        var site = await gateway.NewSiteAsync();
        var unknown = "lst_" + Guid.CreateVersion7().ToString("N");
        var sent = await site.SubmitAsync(email: "person-1@example.org", change: body => body["subscribe"]![0]!["list"] = unknown);
        await site.ProcessedAsync(sent.Id);

        var failed = Assert.Single(await FailedAsync(site));
        var id = failed.GetProperty("id").GetString()!;
        var shown = await RunAsync("failed", "show", id);
        var replayed = await RunAsync("failed", "replay", id, "--list", site.ListId);

        Assert.Equal(sent.Id, id);
        Assert.Equal("unknown_list", failed.GetProperty("code").GetString());
        Assert.Contains("person-1@example.org", shown.GetProperty("body").GetString(), StringComparison.Ordinal);
        Assert.True(replayed.GetProperty("replayed").GetBoolean());
        Assert.Empty(await FailedAsync(site));
        Assert.Equal(Gateway.Features.Submissions.SubmissionState.Done, (await site.ProcessedAsync(id)).State);
        Assert.Equal(JsonValueKind.True, (await RunAsync("consents", "verify", site.PublicId)).GetProperty("ok").ValueKind);
    }

    [Theory]
    [InlineData("HOST is the name or address of a mail server alone", "smtp", "check", "smtp://x y")]
    [InlineData("HOST is the name or address of a mail server alone", "smtp", "check", "smtp.example.org:587")]
    [InlineData("is a folder. Name a file in it.", "lint", "/usr")]
    [InlineData("There is no file nothing.html.", "lint", "/usr/nothing.html")]
    public async Task What_a_command_cannot_use_is_told_without_trying(string told, params string[] arguments)
    {
        var (code, _, error) = await CommandResult.OfAsync(() => throw new InvalidOperationException(), "", arguments);

        Assert.Equal(1, code);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_is_changed_where_an_option_says_so()
    {
        var id = (await RunAsync("site", "add", "Ann's First Shop", "--from", "news@shop.example")).GetProperty("site").GetString()!;

        await RunAsync("site", "set", id, "--tell-submissions", "on");
        await RunAsync("site", "set", id, "--name", "Ann's Store", "--language", "fr");
        var site = Assert.Single((await RunAsync("site", "list")).EnumerateArray(), one => one.GetProperty("site").GetString() == id);

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
        var site = await gateway.NewSiteAsync();
        await RulesAsync(site, "--route", "twilio", "--countries", "FR", "--parts-per-day", "5");
        var lacking = await RunAsync("sms", "check", site.PublicId);
        Assert.NotEqual(0, lacking.GetProperty("missing").GetArrayLength());
        Assert.Equal(5, lacking.GetProperty("policy").GetProperty("partsPerDay").GetInt32());

        await TypeAsync(Account, "connection", "add", "sms", "twilio", "Ann's Twilio", "--site", site.PublicId);
        Forget(site);
        var ready = await RunAsync("sms", "check", site.PublicId);
        Assert.Equal(0, ready.GetProperty("missing").GetArrayLength());
        Assert.Equal("+15005550006", ready.GetProperty("ready")[0].GetProperty("senders")[0].GetString());

        // A provider that is not to be understood leaves it unknown.
        gateway.Sms.For(site).Send = _ => Task.FromResult<SmsOutcome>(new SmsOutcome.Unknown("<html>"));
        await RulesAsync(site, "--route", "sandbox", "--countries", "FR");
        var sms = await site.SendSmsAsync();
        await site.SmsBecomesAsync(sms.Id, SmsState.Unknown);
        var unknown = Assert.Single(await FailedAsync(site));
        Assert.Equal((sms.Id, "sms_unknown"), (unknown.GetProperty("id").GetString(), unknown.GetProperty("code").GetString()));

        Assert.Equal("delivered", (await RunAsync("sms", "resolve", sms.Id, "delivered")).GetProperty("status").GetString());
        Assert.Empty(await FailedAsync(site));
    }

    [Theory]
    [InlineData("failed replay sub_x")]
    [InlineData("failed show sub_x")]
    [InlineData("key rotate site_x")]
    [InlineData("list add site_x Name")]
    [InlineData("site add Shop --from nobody")]
    [InlineData("consents verify nonsense")]
    [InlineData("site set site_x --name Shop")]
    [InlineData("hook list site_x")]
    [InlineData("failed replay dlv_x")]
    [InlineData("sms check site_x")]
    [InlineData("sms rules site_x")]
    [InlineData("sms resolve sms_x sent")]
    [InlineData("sms resolve sms_x perhaps")]
    [InlineData("admin link --site site_x")]
    [InlineData("admin revoke")]
    [InlineData("admin revoke nobody")]
    [InlineData("nonsense")]
    public async Task What_cannot_be_done_ends_with_a_sentence_and_a_code(string command)
    {
        var (code, _, error) = await TypeAsync("", command.Split(' '));

        Assert.NotEqual(0, code);
        Assert.NotEqual("", error.Trim());
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_program_itself_reads_prints_and_ends_as_its_commands_do()
    {
        using var database = new TestDatabase();
        await using var installation = new Installation(database.Settings);
        var site = (await installation.RunAsync("site", "add", "Shop", "--from", "news@shop.example")).GetProperty("site").GetString()!;

        string[] command = ["connection", "add", "sms", "twilio", "Ann's Twilio", "--site", site, "--untested", "--json"];
        var set = await GatewayProcess.CommandAsync(database.Folder, database.Settings, Account, command);
        var refused = await GatewayProcess.CommandAsync(database.Folder, database.Settings, "nonsense", command);

        Assert.Equal((0, "", "twilio"), (set.Code, set.Error, set.Json.GetProperty("provider").GetString()));
        Assert.Equal((1, ""), (refused.Code, refused.Output));
        Assert.StartsWith("Standard input must hold one JSON object", refused.Error, StringComparison.Ordinal);
    }

    private const string Account = """{"accountSid":"AC0123456789abcdef0123456789abcdef","authToken":"token","from":"+15005550006"}""";

    private async Task<IEnumerable<JsonElement>> FailedAsync(SiteUnderTest site)
    {
        var all = await RunAsync("failed", "list", "--limit", "100000");
        return all.EnumerateArray().Where(one => one.GetProperty("site").GetString() == site.PublicId);
    }

    private async Task RulesAsync(SiteUnderTest site, params string[] rules)
    {
        await RunAsync(["sms", "rules", site.PublicId, .. rules]);
        Forget(site);
    }

    /// <summary>What a process of its own would not know: each command of an operator is one.</summary>
    private void Forget(SiteUnderTest site) => gateway.Services.GetRequiredService<SmsSettingsCache>().Forget(site.Id);

    private async Task<JsonElement> RunAsync(params string[] arguments) => (await TypeAsync("", [.. arguments, "--json"])).Json;

    private Task<CommandResult> TypeAsync(string input, params string[] arguments) =>
        CommandResult.OfAsync(() => Task.FromResult(gateway.Services), input, arguments);
}
