using System.Diagnostics;
using System.Globalization;
using Gateway.Console.Overview;
using Gateway.Features.Mail;
using Gateway.Features.Sites;
using Gateway.Features.Submissions;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Telemetry;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Gateway.Tests.Queue;

/// <summary>
/// Two million settled rows and two hundred thousand that wait, beside a database with hardly any: what people and workers ask for takes
/// about as long. <c>GATEWAY_MILLIONS=5</c> makes five times as many. Where there is no server, SQLite has few rows in both.
/// </summary>
[Trait("Run", "full")]
public sealed class MillionsTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>More than a page may take longer than it does on a database with hardly any rows.</summary>
    private const double PageMilliseconds = 200;

    /// <summary>
    /// It counts what there is, and takes as long as it is much (docs/performance.md): it is printed, and holds nobody up.
    /// </summary>
    private const string Counting = "status of a site, a year";

    private const int Rounds = 9;

    /// <summary>A lease looks at so many rows, so both databases have as many that wait.</summary>
    private const int SmallWaiting = 20_000;

    private static readonly int Times = int.Parse(
        Environment.GetEnvironmentVariable("GATEWAY_MILLIONS") ?? "1",
        CultureInfo.InvariantCulture
    );

    private readonly TestDatabase _full = new();
    private readonly TestDatabase _small = new();

    [Fact]
    public async Task What_is_settled_and_what_waits_slows_nobody_down()
    {
        await using var full = new Installation(_full.Settings);
        await using var small = new Installation(_small.Settings);
        await FillAsync(full, settled: 2_000_000 * Times, waiting: 200_000 * Times, failed: 20_000);
        await FillAsync(small, settled: 1_000, waiting: SmallWaiting, failed: 100);
        var sites = await full.InScopeAsync(services => services.GetRequiredService<SiteStore>().ListAsync(null, default));
        var site = sites.Count > 0 ? sites[0].Id : Guid.CreateVersion7();

        var slow = new List<string>();
        foreach (var (name, read) in Pages(site))
        {
            var (with, without) = await CompareAsync(full, small, read);
            output.WriteLine($"{name}: {with:F1} ms, with hardly any rows {without:F1} ms");
            if (name != Counting && with - without > PageMilliseconds)
            {
                slow.Add($"{name}: {with:F0} ms");
            }
        }

        foreach (var (name, work) in Work(site))
        {
            var (with, without) = await CompareAsync(full, small, work);
            output.WriteLine($"{name}: {with:F1} ms, with hardly any rows {without:F1} ms, ratio {without / with:F2}");

            // A run that others disturb is no proof; one that takes twice as long is.
            if (without / with < 0.5)
            {
                slow.Add($"{name}: {with:F1} ms for {without:F1}");
            }
        }

        Assert.Empty(slow);
    }

    public void Dispose()
    {
        _full.Dispose();
        _small.Dispose();
    }

    private static IEnumerable<(string Name, Func<IServiceProvider, Task> Read)> Pages(Guid site)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        yield return ("status of a site, 30 days", services => StatusAsync(services, site, now.AddDays(-30), now));
        yield return ("status of a site, a year", services => StatusAsync(services, site, now.AddDays(-365), now));
        yield return ("last errors of a site", services => services.GetRequiredService<LastErrors>().ReadAsync(site, default));
        yield return ("failed, all sites", services => services.GetRequiredService<FailedItems>().ListAsync(100, null, default));
        yield return ("failed, one site", services => services.GetRequiredService<FailedItems>().ListAsync(100, [site], default));
        yield return ("failed, by cause", services => services.GetRequiredService<FailedItems>().CausesAsync(null, false, default));
        yield return ("problems of a site", services => services.GetRequiredService<SiteProblems>().ReadAsync(site, default));
        yield return ("overview", services => services.GetRequiredService<SiteFigures>().ReadAsync(default));
        yield return ("metrics", services => services.GetRequiredService<QueueDepths>().ReadAsync(default));
        yield return (
            "suspects of all queues",
            async services =>
            {
                foreach (var queue in services.GetServices<IQueueTable>())
                {
                    await queue.HasSuspectsAsync(default);
                }
            }
        );
    }

    private static IEnumerable<(string Name, Func<IServiceProvider, Task> Do)> Work(Guid site)
    {
        yield return (
            "ingest, 200 submissions",
            services => services.GetRequiredService<IInboxWriter>().StoreAsync(Submissions(site, 200))
        );
        yield return ("lease of 100 submissions", services => LeaseAsync<Submission>(services));
        yield return ("lease of 100 mails", services => LeaseAsync<Message>(services));
    }

    private static Task StatusAsync(IServiceProvider services, Guid site, DateTime from, DateTime to) =>
        services.GetRequiredService<SiteStatistics>().ReadAsync(site, from, to, null, default);

    private static async Task LeaseAsync<T>(IServiceProvider services)
        where T : class, ILeased
    {
        var taken = await services.GetRequiredService<Leases>().TakeAsync<T>(100, TimeSpan.FromHours(1), default);
        Assert.True(!TestDatabase.IsPostgres || taken.Count == 100, $"{taken.Count} were taken.");
    }

    private static List<Submission> Submissions(Guid site, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => Guid.CreateVersion7())
                .Select(id => new Submission
                {
                    Id = id,
                    SiteId = site,
                    Key = id.ToString(),
                    ContentHash = new byte[32],
                    Body = new byte[1000],
                    ReceivedAt = TimeProvider.System.GetUtcNow().UtcDateTime,
                    DueAt = TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(1),
                }),
        ];

    /// <returns>Medians in milliseconds, of rounds in which both take turns.</returns>
    private static async Task<(double Full, double Small)> CompareAsync(
        Installation full,
        Installation small,
        Func<IServiceProvider, Task> work
    )
    {
        List<double> with = [],
            without = [];
        for (var round = -2; round < Rounds; round++)
        {
            foreach (var (installation, times) in new[] { (full, with), (small, without) })
            {
                var took = await installation.InScopeAsync(async services =>
                {
                    var began = Stopwatch.GetTimestamp();
                    await work(services);
                    return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                });
                if (round >= 0)
                {
                    times.Add(took);
                }
            }
        }

        return (with.Order().ElementAt(Rounds / 2), without.Order().ElementAt(Rounds / 2));
    }

    private static Task FillAsync(Installation installation, int settled, int waiting, int failed) =>
        installation.InScopeAsync(async services =>
        {
            var db = services.GetRequiredService<GatewayDb>();
            if (TestDatabase.IsPostgres)
            {
                db.Database.SetCommandTimeout(0);
                foreach (var statement in Millions.Fill(settled, waiting, failed).Append("vacuum analyze"))
                {
                    await db.Database.ExecuteSqlRawAsync(statement);
                }
            }

            return true;
        });
}
