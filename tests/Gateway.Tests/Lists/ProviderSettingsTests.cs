using Gateway.Features.Lists;
using Gateway.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Lists;

public sealed class ProviderSettingsTests
{
    [Fact]
    public void Without_any_setting_the_program_starts() => Assert.Empty(Errors([]));

    [Theory]
    [InlineData("Lists:Mailjet:ApiKey", "key", "Lists__Mailjet__SecretKey")]
    [InlineData("Lists:Mailjet:SecretKey", "secret", "Lists__Mailjet__ApiKey")]
    [InlineData("Lists:Mailjet:BaseUrl", "http://mailjet.example", "https://")]
    [InlineData("Lists:Mailjet:BaseUrl", "/v3", "Lists__Mailjet__BaseUrl")]
    [InlineData("Lists:Mailjet:TimeLimit", "00:05:00", "Lists__Mailjet__TimeLimit")]
    [InlineData("Lists:Mailjet:JobTimeLimit", "00:00:00", "Lists__Mailjet__JobTimeLimit")]
    [InlineData("Lists:Brevo:BaseUrl", "http://brevo.example", "https://")]
    [InlineData("Lists:Brevo:BaseUrl", "https://user:password@brevo.example", "Lists__Brevo__BaseUrl must not hold a user")]
    [InlineData("Lists:Brevo:TimeLimit", "00:05:00", "Lists__Brevo__TimeLimit")]
    public void A_fault_stops_the_start_with_a_sentence(string setting, string value, string named) =>
        Assert.Contains(named, Assert.Single(Errors(new() { [setting] = value })));

    [Fact]
    public void A_stand_in_on_this_machine_may_be_used_without_encryption() =>
        Assert.Empty(
            Errors(new() { ["Lists:Mailjet:BaseUrl"] = "http://127.0.0.1:8025", ["Lists:Brevo:BaseUrl"] = "http://localhost:8026" })
        );

    private static IReadOnlyList<string> Errors(Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton<IHostEnvironment>(new Production());
        services.AddLists();
        using var provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception error) when (StartupErrors.Sentences(error) is { } sentences)
        {
            return sentences;
        }
    }

    private sealed class Production : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Production;

        public string ApplicationName { get; set; } = "Gateway";

        public string ContentRootPath { get; set; } = "/";

        public Microsoft.Extensions.FileProviders.IFileProvider ContentRootFileProvider { get; set; } =
            new Microsoft.Extensions.FileProviders.NullFileProvider();
    }
}
