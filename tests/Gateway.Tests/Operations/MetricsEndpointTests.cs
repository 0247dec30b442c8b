using System.Net;
using System.Net.Http.Headers;
using Gateway.Infrastructure.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Operations;

/// <summary>
/// Who may read the metrics, at hosts that have nothing else: gauges of their own would be taken for those of the program under test.
/// </summary>
public sealed class MetricsEndpointTests
{
    private const string Token = "correct-horse-battery-staple";

    [Theory]
    [InlineData("Development", null, null, HttpStatusCode.OK)]
    [InlineData("Production", null, null, HttpStatusCode.NotFound)]
    [InlineData("Production", Token, null, HttpStatusCode.Unauthorized)]
    [InlineData("Production", Token, "wrong-horse-battery-staple", HttpStatusCode.Unauthorized)]
    [InlineData("Production", Token, Token, HttpStatusCode.OK)]
    [InlineData("Development", Token, null, HttpStatusCode.Unauthorized)]
    public async Task Metrics_are_for_who_holds_the_token_and_without_one_for_developers(
        string environment,
        string? token,
        string? sent,
        HttpStatusCode expected
    )
    {
        await using var app = await StartAsync(environment, ("Token", token));
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Authorization = sent is null ? null : new AuthenticationHeaderValue("Bearer", sent);

        using var answer = await client.GetAsync("/metrics");

        Assert.Equal(expected, answer.StatusCode);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("TRACE")]
    public async Task Metrics_are_only_read(string method)
    {
        await using var app = await StartAsync("Development");
        using var client = app.GetTestClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/metrics");

        using var answer = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(["GET", "HEAD"], answer.Content.Headers.Allow);
    }

    [Fact]
    public async Task With_a_port_of_their_own_no_other_port_has_them_whatever_the_host_header_says()
    {
        await using var app = await StartAsync("Development", ("Port", "9464"));
        using var client = app.GetTestClient();
        client.DefaultRequestHeaders.Host = "localhost:9464";

        using var answer = await client.GetAsync("/metrics");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("Port", "0", "Gateway__Metrics__Port must be a port from 1 to 65535.")]
    [InlineData("Port", "65536", "Gateway__Metrics__Port must be a port from 1 to 65535.")]
    [InlineData(
        "Address",
        "example",
        "Gateway__Metrics__Address must be an IP address of this machine, such as 127.0.0.1 or 0.0.0.0; it is \"example\"."
    )]
    [InlineData("Token", "short", "Gateway__Metrics__Token must have 16 characters at least, without spaces.")]
    [InlineData("Token", "a token with spaces", "Gateway__Metrics__Token must have 16 characters at least, without spaces.")]
    public async Task A_wrong_setting_stops_the_start_with_a_sentence(string name, string value, string sentence)
    {
        var failed = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync("Production", (name, value)));

        Assert.Equal([sentence], failed.Failures);
    }

    private static async Task<WebApplication> StartAsync(string environment, params (string Name, string? Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"{MetricsOptions.Section}:{setting.Name}", setting.Value))
        );
        builder.WebHost.UseTestServer();
        builder.Services.AddTelemetry(builder.Configuration);
        var app = builder.Build();
        app.UseMetricsPort();
        app.MapMetrics();
        try
        {
            await app.StartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }
}
