using System.Diagnostics;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Gateway.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace Gateway.Tests.OptIn;

public sealed class TimingTemp(ITestOutputHelper output)
{
    private readonly GatewayUnderTest gateway = GatewayUnderTest.Shared;

    [Fact]
    public async Task Measure()
    {
        var people = new List<Subscriber>();
        for (var number = 0; number < 70; number++)
        {
            people.Add(await Subscriber.SignUpAsync(gateway));
        }

        await Task.Delay(3000);
        foreach (var (name, run) in new (string, Func<string, Task>)[] { ("old", OldAsync), ("new", NewAsync), ("http", HttpAsync) })
        {
            await gateway.InDatabaseAsync(db => db.OptInRequests.ExecuteUpdateAsync(set => set.SetProperty(one => one.CodeTries, 0)));
            var times = new Dictionary<string, List<double>> { ["known"] = [], ["unknown"] = [], ["malformed"] = [] };
            for (var warm = 0; warm < 30; warm++)
            {
                await run($"{warm}@nobody.example");
            }

            for (var sample = 0; sample < 240; sample++)
            {
                foreach (var kind in times.Keys.OrderBy(_ => Random.Shared.Next()).ToList())
                {
                    var address = kind switch
                    {
                        "known" => people[sample % 70].Address,
                        "unknown" => $"{Guid.CreateVersion7():N}@pages.example",
                        _ => "not an address " + sample,
                    };
                    var began = Stopwatch.GetTimestamp();
                    await run(address);
                    times[kind].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }

            output.WriteLine(
                $"{name}: known {Median(times["known"]):0.00} unknown {Median(times["unknown"]):0.00} malformed {Median(times["malformed"]):0.00} ms; "
                    + $"AUC known/unknown {Auc(times["known"], times["unknown"]):0.000}, known/malformed {Auc(times["known"], times["malformed"]):0.000}"
            );
        }
    }

    private Task HttpAsync(string address) => people0().SendFormAsync("/c", ("email", address), ("code", "11112222"));

    private SiteUnderTest? _site;

    private SiteUnderTest people0() => _site ??= gateway.NewSiteAsync().GetAwaiter().GetResult();

    private Task NewAsync(string address) =>
        gateway.InScopeAsync<AnswerOptIn, object?>(async answer =>
            await answer.ConfirmByCodeAsync(address, "11112222", new(null, null), CancellationToken.None)
        );

    private Task OldAsync(string address) =>
        gateway.InScopeAsync<IServiceProvider, int>(scope =>
        {
            var db = scope.GetRequiredService<GatewayDb>();
            var contacts = scope.GetRequiredService<Features.Contacts.ContactStore>();
            return db.WriteAsync(
                async () =>
                {
                    var key = EmailAddress.Parse(address)?.Key ?? "";
                    var ids = (await contacts.IdsOfAsync(key, CancellationToken.None))
                        .Append(Guid.Empty)
                        .Select((id, at) => db.Parameter($"id{at}", id))
                        .ToArray();
                    var sql = $"""
                        update optin_requests set code_tries = code_tries + 1
                        where state in ('pending', 'confirmed') and expires_at > @now and code_tries < @most
                            and contact_id in ({string.Join(", ", ids.Select(id => "@" + id.ParameterName.TrimStart('@')))})
                        returning *
                        """;
                    return (
                        await db
                            .OptInRequests.FromSqlRaw(
                                sql,
                                [.. ids, db.Parameter("now", gateway.Clock.GetUtcNow().UtcDateTime), db.Parameter("most", 5)]
                            )
                            .AsNoTracking()
                            .ToListAsync()
                    ).Count;
                },
                CancellationToken.None
            );
        });

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Auc(List<double> one, List<double> other) =>
        one.Average(a => other.Average(b => a > b ? 1.0 : a == b ? 0.5 : 0.0));
}
