using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Benchmarks.Load;
using Gateway.Benchmarks.Serving;

namespace Gateway.Benchmarks.Sms;

/// <summary>
/// From the first call of POST /v1/sms to the last message that the provider has taken, one send call for each and nothing in between left
/// out.
/// </summary>
internal static class SmsCommand
{
    private const int Callers = 32;
    private const int SmsForEachSecond = 500;
    private const double PerSecondGoal = 1_500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int _number;

    public static async Task<int> RunAsync(int seconds, int rounds, Report report, CancellationToken ct)
    {
        using var scratch = new Scratch();
        foreach (var design in Design.Measurable.Intersect([Design.Postgres, Design.Sqlite]))
        {
            await using var sink = await Child.StartAsync(TwilioSink.Command, "any", new Dictionary<string, string>(), ct);
            await using var gateway = await GatewayServer.StartAsync(design, scratch, "api,worker", "25", ct, Settings(sink.Greeting));
            using var http = await SignInAsync(gateway, ct);
            await WarmUp.UntilFlatAsync(async () => (await RoundAsync(http, gateway, sink, seconds * SmsForEachSecond, ct)).Used.Cpu);

            var all = new List<SmsRound>();
            for (var round = 0; round < rounds; round++)
            {
                all.Add(await RoundAsync(http, gateway, sink, seconds * SmsForEachSecond, ct));
            }

            Tell(design, all, report);
        }

        return 0;
    }

    private static void Tell(Design design, List<SmsRound> all, Report report)
    {
        var handedOver = Medians.Of(all.ConvertAll(one => one.HandedOver));
        var accepted = Medians.Of(all.ConvertAll(one => one.Accepted));
        var microseconds = Medians.Of(all.ConvertAll(one => one.Used.Cpu.TotalMicroseconds));
        var kilobytes = Medians.Of(all.ConvertAll(one => one.Used.Bytes / 1024.0));
        var figure = new Figure($"SMS a second, accepted → handed over, {design.Name}", handedOver, Goal.AtLeast(PerSecondGoal), "N0");
        report.Tell(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{design.Name}: {handedOver:N0} SMS a second from accepted to handed over ({figure.Sentence}); accepted {accepted:N0} a "
                    + $"second; {microseconds:F0} µs of CPU and {kilobytes:F0} KB for each"
            ),
            new
            {
                design = design.Name,
                perSecond = handedOver,
                accepted,
                cpuMicroseconds = microseconds,
                kilobytes,
            },
            figure
        );
    }

    private static Dictionary<string, string> Settings(string sink) =>
        new()
        {
            ["Sms__Route"] = "twilio",
            ["Sms__Countries"] = "*",
            ["Sms__PartsPerDay"] = "1000000000",
            ["Sms__PartsPerMonth"] = "1000000000",
            ["Sms__Twilio__BaseUrl"] = sink,
            ["Sms__Twilio__AccountSid"] = TwilioSink.AccountSid,
            ["Sms__Twilio__AuthToken"] = "token",
            ["Sms__Twilio__From"] = "+15005550006",
        };

    private static async Task<HttpClient> SignInAsync(GatewayServer gateway, CancellationToken ct)
    {
        var http = new HttpClient { BaseAddress = new Uri(gateway.Target.Url) };
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = gateway.ClientId,
                ["client_secret"] = gateway.ClientSecret,
                ["scope"] = "sms",
            }
        );
        using var answer = await http.PostAsync(new Uri("/oauth/token", UriKind.Relative), form, ct);
        var token = (await answer.Content.ReadFromJsonAsync<JsonNode>(ct))!["access_token"]!.GetValue<string>();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    private static async Task<SmsRound> RoundAsync(HttpClient http, GatewayServer gateway, Child sink, int count, CancellationToken ct)
    {
        var before = (await TakenAsync(sink, ct)).Count;
        var usedBefore = await gateway.UsageAsync(ct);
        var (began, last) = (Stopwatch.GetTimestamp(), _number + count);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => CallAsync(http, last, ct)));
        _number = last;
        var accepted = Stopwatch.GetElapsedTime(began);

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var waiting = Stopwatch.GetTimestamp();
        TwilioSink.Taken taken;
        while ((taken = await TakenAsync(sink, ct)).Count < before + count)
        {
            if (Stopwatch.GetElapsedTime(waiting) > Patience)
            {
                throw new BenchmarkFailed(
                    $"{before + count - taken.Count} of {count} SMS were not handed over within {Patience.TotalSeconds} s."
                );
            }

            await pace.WaitForNextTickAsync(ct);
        }

        var used = await gateway.UsageAsync(ct);
        return new(
            count / accepted.TotalSeconds,
            count / Stopwatch.GetElapsedTime(began, taken.Last).TotalSeconds,
            new((used.Bytes - usedBefore.Bytes) / count, (used.Cpu - usedBefore.Cpu) / count)
        );
    }

    private static async Task CallAsync(HttpClient http, int last, CancellationToken ct)
    {
        while (Interlocked.Increment(ref _number) is var number && number <= last)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sms")
            {
                Content = JsonContent.Create(
                    new
                    {
                        to = string.Create(CultureInfo.InvariantCulture, $"+33612{number % 1_000_000:D6}"),
                        text = $"Your code is {number}",
                    }
                ),
            };
            request.Headers.Add("Idempotency-Key", $"benchmark-{number}");
            using var answer = await http.SendAsync(request, ct);
            if (answer.StatusCode != HttpStatusCode.Accepted)
            {
                throw new BenchmarkFailed($"Not the answer 202 but: {await answer.Content.ReadAsStringAsync(ct)}");
            }
        }
    }

    private static async Task<TwilioSink.Taken> TakenAsync(Child sink, CancellationToken ct) =>
        JsonSerializer.Deserialize<TwilioSink.Taken>(await sink.AskAsync("taken", ct))!;

    /// <param name="Accepted">SMS a second, until all were accepted.</param>
    /// <param name="HandedOver">SMS a second, until the provider had all of them.</param>
    /// <param name="Used">Of the gateway's process, for each.</param>
    private sealed record SmsRound(double Accepted, double HandedOver, Usage Used);
}
