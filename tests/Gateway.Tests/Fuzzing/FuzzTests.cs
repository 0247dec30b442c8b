using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Tests.Hosting;
using Xunit.Abstractions;

namespace Gateway.Tests.Fuzzing;

/// <summary>
/// Thousands of requests that nobody thought of, through the real server: whatever comes in, the gateway answers, the answer says what is
/// wrong, and it is never the gateway's own fault. Each request is made from the seed and its number alone.
/// </summary>
[Trait("Database", "both")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Workers = 4;

    // What the everyday run finds is hardly ever the database's: that of PostgreSQL has a few.
    private static readonly int Count =
        FullRun.IsAsked ? 100_000
        : TestDatabase.IsPostgres ? 500
        : 2_000;

    // The quick run asks the same each time, so that a failure is that of the latest change; the long one asks anew.
    private static readonly int Seed =
        int.TryParse(
            Environment.GetEnvironmentVariable("GATEWAY_FUZZ_SEED"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var given
        )
            ? given
        : FullRun.IsAsked ? Environment.TickCount & int.MaxValue
        : 22430151;

    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Whatever_comes_in_is_answered_and_nothing_is_the_gateways_fault()
    {
        Say($"Fuzzing: {Count} requests, GATEWAY_FUZZ_SEED={Seed}");
        await using var server = await KestrelFront.StartAsync(gateway);
        var site = await FuzzSite.MakeAsync(gateway);
        using var self = new HttpClient();
        gateway.Network.Answer("localhost", (request, ct) => ForwardAsync(request, self, server.Address, ct));
        var description = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/openapi.json")))!;
        var api = new ApiFuzzer(description, site);
        var pages = await PageFuzzer.WalkAsync(gateway, server.Address, site);
        Say($"{pages.Pages} pages with {pages.Forms} buttons were found.");

        var faults = new ConcurrentBag<string>();
        var statuses = new ConcurrentDictionary<int, int>();
        var memory = new ConcurrentQueue<long>();
        var watch = Stopwatch.StartNew();
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Task.Run(WorkAsync)));

        Say(
            $"{watch.Elapsed.TotalSeconds:0} s; "
                + string.Join(", ", statuses.OrderBy(one => one.Key).Select(one => $"{one.Value} × {one.Key}"))
                + (FullRun.IsAsked ? $"; memory in MB: {string.Join(", ", memory.Select(bytes => bytes >> 20))}" : "")
        );
        Assert.True(faults.IsEmpty, $"Seed {Seed}: {faults.Count} answers are wrong.\n\n" + string.Join("\n\n", OfEachKind(faults)));
        Assert.True(pages.Forms > 20, "The forms of the pages were not found.");
        if (FullRun.IsAsked)
        {
            // What grows with the number of requests shows from the second reading on; the logs that all tests share are a part of it.
            // In the short run it would show what the tests beside this one keep.
            Assert.True(memory.Last() < (memory.ElementAt(1) * 2) + (100L << 20), "The memory is not flat.");
        }

        async Task WorkAsync()
        {
            await using var connection = new RawConnection(server.Address);
            while (Interlocked.Increment(ref next) is var number && number <= Count)
            {
                var dice = new Dice(unchecked((Seed * 1_000_003) + number));
                var request = dice.Chance(0.7) ? api.Next(dice) : pages.Next(dice);
                var answer = await connection.SendAsync(request);
                statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);
                if (Fault(request, answer) is { } fault)
                {
                    faults.Add(
                        $"{fault} (request {number})\n{Shortened(request.ToString())}\n→ {answer.Status} {Shortened(answer.Text)}"
                    );
                }

                if (FullRun.IsAsked && number % (Count / 8) == 0)
                {
                    memory.Enqueue(GC.GetTotalMemory(forceFullCollection: true));
                }
            }
        }
    }

    /// <summary>The demo form calls the gateway itself, over what stands where the network would be.</summary>
    private static Task<HttpResponseMessage> ForwardAsync(HttpRequestMessage request, HttpClient self, Uri server, CancellationToken ct)
    {
        var forwarded = new HttpRequestMessage(request.Method, new Uri(server, request.RequestUri!.PathAndQuery))
        {
            Content = request.Content,
        };
        foreach (var header in request.Headers)
        {
            forwarded.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        return self.SendAsync(forwarded, ct);
    }

    /// <returns>What is wrong with an answer; null when nothing is.</returns>
    private static string? Fault(FuzzRequest request, FuzzAnswer answer) =>
        answer.Status switch
        {
            0 => "No answer",
            503 when request.Method == "HEAD" => null, // its body would say why
            503 => IsProblem(answer) || IsPage(answer) ? null : "An undeclared 503",
            >= 500 => "A fault of the gateway",
            < 400 => null,
            400 when answer.Text.Length == 0 && !request.HasUsualHost => null,
            // The server refuses a line that is too long before any of our code sees it.
            414 when answer.Text.Length == 0 => null,
            _ when request.Method == "HEAD" => null,
            _ when request.IsForPerson == true => IsPage(answer) ? null : "No page for a person",
            _ when request.IsForPerson == false => IsProblem(answer) ? null : "No problem with a code",
            _ => IsPage(answer) || IsProblem(answer) ? null : "Neither a page nor a problem",
        };

    private static bool IsPage(FuzzAnswer answer) =>
        answer.MediaType == "text/html" && answer.Text.Contains("<h1", StringComparison.Ordinal);

    /// <summary>OAuth's errors are JSON of their own kind (RFC 6749, section 5.2).</summary>
    private static bool IsProblem(FuzzAnswer answer)
    {
        if (answer.MediaType is not ("application/problem+json" or "application/json"))
        {
            return false;
        }

        try
        {
            var problem = JsonNode.Parse(answer.Text);
            return !string.IsNullOrEmpty((string?)problem?["code"] ?? (string?)problem?["error"])
                && !string.IsNullOrEmpty((string?)problem?["detail"] ?? (string?)problem?["error_description"]);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>A few of each, since the first would hide the others.</summary>
    private static IEnumerable<string> OfEachKind(IEnumerable<string> faults) =>
        faults.Order().GroupBy(fault => string.Join(' ', fault.Split('\n')[1].Split(' ')[..2])).SelectMany(kind => kind.Take(3)).Take(30);

    private void Say(string line)
    {
        output.WriteLine(line);
        System.Console.WriteLine(line);
    }

    private static string Shortened(string text) => text.Length > 1500 ? text[..1500] + "…" : text;
}
