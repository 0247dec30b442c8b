using Gateway.Tests.Crash;

namespace Gateway.Tests.Operations;

/// <summary>Bad configuration stops the start with a sentence for each fault, and without a stack trace.</summary>
public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-settings-").FullName;

    [Fact]
    public async Task In_production_every_missing_setting_is_named()
    {
        var (code, error) = await CheckAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = "Production" });

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
    public async Task A_setting_that_makes_no_sense_is_told_in_a_sentence(string name, string value, string told)
    {
        var (code, error) = await CheckAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Gateway__PublicUrl"] = "http://localhost", [name] = value });

        Assert.Equal(1, code);
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_whose_master_key_is_gone_is_not_given_a_new_one()
    {
        var settings = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Gateway__PublicUrl"] = "http://localhost" };
        Assert.Equal(0, (await GatewayProcess.TryCommandAsync(_folder, settings, "site", "add", "Shop")).Code);
        File.Delete(Path.Combine(_folder, "data/master.pem"));

        var (code, error) = await CheckAsync(settings);

        Assert.Equal(1, code);
        Assert.Contains("master", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "data/master.pem")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<(int Code, string Error)> CheckAsync(Dictionary<string, string> settings) => GatewayProcess.TryCommandAsync(_folder, settings, "check", "config");
}
