using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Crash;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Operations;

/// <summary>The program as an operator runs it, with a scraper and a collector beside it.</summary>
public sealed class ProductionTests : IDisposable
{
    private readonly TestDatabase _database = new();

    [Fact]
    public async Task In_production_only_the_metrics_port_has_metrics_and_neither_log_nor_traces_hold_a_path()
    {
        await using var collector = new Collector();
        var metricsPort = FreePort();
        await using var gateway = GatewayProcess.Start(
            _database.ConnectionString,
            _database.Folder,
            settings: Settings(collector.Address, metricsPort)
        );
        using var api = new HttpClient { BaseAddress = await gateway.Listening };
        using var scraper = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{metricsPort}") };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(api, "/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api, "/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api, "/demo"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(api, "/v1/sites/site_0/status"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(api, "/c/a-secret-token-in-the-path-00000?q=a-secret-query"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(scraper, "/c/a-secret-token-in-the-path-00000"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(scraper, "/health/live"));
        Assert.Contains(
            "gateway_queue_waiting{",
            await Eventually.BecomesAsync(
                () => scraper.GetStringAsync("/metrics"),
                text => text.Contains("gateway_queue_waiting{", StringComparison.Ordinal)
            ),
            StringComparison.Ordinal
        );

        var traces = await Eventually.BecomesAsync(
            () => Task.FromResult(collector.Received("/v1/traces")),
            text => text.Contains("/c/{token}", StringComparison.Ordinal)
        );
        Assert.Contains("service.name", traces, StringComparison.Ordinal);
        Assert.DoesNotContain("was challenged", gateway.Output, StringComparison.Ordinal);
        Assert.All([traces, gateway.Output], text => Assert.DoesNotContain("a-secret", text, StringComparison.Ordinal));
        Assert.All(
            gateway.Output.Split('\n'),
            line =>
                Assert.EndsWith(
                    "Z",
                    (string)JsonDocument.Parse(line).RootElement.GetProperty("Timestamp").GetString()!,
                    StringComparison.Ordinal
                )
        );
    }

    public void Dispose() => _database.Dispose();

    private static Dictionary<string, string> Settings(Uri collector, int metricsPort) =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Gateway__Metrics__Port"] = $"{metricsPort}",
            ["Mail__From"] = "news@shop.example",
            ["Mail__Smtp__Host"] = "127.0.0.1",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path);
        Assert.False(answer.Headers.Contains("Server"), "The answer names its server.");
        return answer.StatusCode;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Takes what OpenTelemetry exports. Texts stand in clear in protobuf.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Dictionary<string, StringBuilder> _received = [];
        private readonly Task _running;

        public Collector()
        {
            Address = new Uri($"http://127.0.0.1:{FreePort()}/");
            _listener.Prefixes.Add(Address.ToString());
            _listener.Start();
            _running = RunAsync();
        }

        public Uri Address { get; }

        public string Received(string path)
        {
            lock (_received)
            {
                return _received.TryGetValue(path, out var text) ? text.ToString() : "";
            }
        }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _running;
            _listener.Close();
        }

        private async Task RunAsync()
        {
            try
            {
                while (true)
                {
                    var call = await _listener.GetContextAsync();
                    using var reader = new StreamReader(call.Request.InputStream, Encoding.Latin1);
                    var text = await reader.ReadToEndAsync();
                    lock (_received)
                    {
                        var path = call.Request.Url!.AbsolutePath;
                        _received[path] = (_received.TryGetValue(path, out var before) ? before : new()).Append(text);
                    }

                    call.Response.Close();
                }
            }
            catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }
}
