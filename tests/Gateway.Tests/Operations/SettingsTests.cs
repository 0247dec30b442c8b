using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Operations;

/// <summary>Bad configuration stops the start with a sentence for each error, and without a stack trace.</summary>
[Trait("Database", "none")]
public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-settings-").FullName;

    /// <summary>As a new installation does it: in a process of its own, with nothing set.</summary>
    [Fact]
    public async Task In_production_every_missing_setting_is_named()
    {
        var nothing = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Production" };
        var (code, _, error) = await GatewayProcess.CommandAsync(_folder, nothing, "", "check", "config");

        Assert.Equal(1, code);
        Assert.Contains("Gateway__PublicUrl", error, StringComparison.Ordinal);
        Assert.Contains("Gateway__MasterKeyFile", error, StringComparison.Ordinal);
        Assert.Contains("Mail__", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "data/master.pem")));
    }

    [Theory]
    [InlineData("Gateway__PublicUrl", "gateway.example.org", "Gateway__PublicUrl")]
    [InlineData("Gateway__PublicUrl", "https://example.org/path", "without a path")]
    [InlineData("Gateway__Roles", "api,cook", "Gateway__Roles")]
    [InlineData("Gateway__TrustedProxies", "10.0.0.0/8, everybody", "everybody")]
    [InlineData("Gateway__Limits__AddressPerMinute", "0", "Gateway__Limits")]
    [InlineData("Gateway__Oidc__Authority", "https://issuer.example", "Gateway__Oidc__Audience")]
    [InlineData("Gateway__Oidc__Authority", "http://issuer.example", "Gateway__Oidc")]
    [InlineData("Gateway__Admin__Oidc__Authority", "https://issuer.example", "Gateway__Admin__Oidc__ClientId")]
    [InlineData("Gateway__Admin__Oidc__Authority", "http://issuer.example", "Gateway__Admin__Oidc__Authority")]
    [InlineData("Gateway__Admin__Oidc__Authority", "https://issuer.example", "nobody could sign in")]
    [InlineData("Mail__Transport", "pigeon", "Mail__Transport")]
    [InlineData("Hooks__TimeLimit", "00:10:00", "Hooks__TimeLimit")]
    [InlineData("Lists__Mailjet__ApiKey", "only-half", "Lists__Mailjet")]
    [InlineData("Confirmations__Budget__MailboxPerDay", "-1", "Confirmations__Budget__MailboxPerDay")]
    [InlineData("Confirmations__Budget__LargeDomains", "gmail", "is no domain")]
    [InlineData("Confirmations__Breaker__Mode", "panic", "enforce, observe, off")]
    [InlineData("Confirmations__Breaker__AlwaysAllowed", "0", "AlwaysAllowed")]
    [InlineData("Confirmations__Domains__NoMail", "maybe", "record, refuse, allow")]
    [InlineData("Confirmations__Domains__TimeLimit", "00:01:00", "Confirmations__Domains__TimeLimit")]
    [InlineData("Confirmations__Domains__NameServer", "ns.example.org", "must be an IP address")]
    [InlineData("Confirmations__Domains__DisposableFile", "/no/such/file", "does not exist")]
    public async Task A_setting_that_makes_no_sense_is_told_in_a_sentence(string name, string value, string told)
    {
        var settings = new Dictionary<string, string>(Settings) { ["Gateway__MasterKeyFile"] = SharedMasterKey.WriteTo(_folder) };
        settings[name] = value;

        var (code, _, error) = await RunAsync(settings, "check", "config");

        Assert.Equal(1, code);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_whose_master_key_is_gone_is_not_given_a_new_one()
    {
        Assert.Equal(0, (await RunAsync(Settings, "site", "add", "Shop")).Code);
        File.Delete(MasterKeyFile);

        var (code, _, error) = await RunAsync(Settings, "check", "config");

        Assert.Equal(1, code);
        Assert.Contains("master", error, StringComparison.Ordinal);
        Assert.False(File.Exists(MasterKeyFile));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string MasterKeyFile => Path.Combine(_folder, "data/master.pem");

    private Dictionary<string, string> Settings =>
        new()
        {
            ["ConnectionStrings__Gateway"] = $"Data Source={Path.Combine(_folder, "data/gateway.db")};Pooling=False",
            ["Gateway__PublicUrl"] = "http://localhost",
            ["Gateway__MasterKeyFile"] = MasterKeyFile,
        };

    private static async Task<CommandResult> RunAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        await using var installation = new Installation(settings);
        return await installation.TryAsync(arguments);
    }
}
