using System.ComponentModel;
using System.Globalization;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Submissions;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure.Data;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Overview;

/// <summary>One line of a chart. Public, like the components, because Razor makes them so.</summary>
/// <param name="Words">Says its name in the language of whoever looks.</param>
/// <param name="Kind">Its colour: <c>one</c>, <c>two</c>, <c>three</c>.</param>
/// <param name="Values">One for each day.</param>
public sealed record ChartSeries(Func<string> Words, string Kind, IReadOnlyList<int> Values)
{
    public string Name => Words();

    /// <summary>Of all days together.</summary>
    public int Sum => Values.Sum();
}

/// <summary>What happened on each of some days.</summary>
/// <param name="Words">Says its title in the language of whoever looks: a chart is remembered for all readers.</param>
/// <param name="Days">UTC, in their order, without a gap; the last is today.</param>
public sealed record DayChartModel(Func<string> Words, IReadOnlyList<DateOnly> Days, IReadOnlyList<ChartSeries> Series)
{
    public string Title => Words();

    /// <summary>Whether there is anything to show.</summary>
    public bool IsEmpty => Series.All(one => one.Sum == 0);

    /// <summary>What the picture says, for who does not see it.</summary>
    public string Summary
    {
        get
        {
            var sums = Series.Select(one => $"{one.Sum:N0} {one.Name.ToLower(CultureInfo.CurrentUICulture)}");
            return T($"{Title}, {Days.Count} days: {string.Join(", ", sums)}");
        }
    }

    internal static IReadOnlyList<int> ValuesOf<TCount>(
        IReadOnlyList<DateOnly> days,
        IReadOnlyDictionary<DateOnly, TCount> counts,
        Func<TCount, int> value
    )
        where TCount : class => [.. days.Select(day => counts.TryGetValue(day, out var found) ? value(found) : 0)];
}

/// <summary>The charts of one site, as they were read together.</summary>
[ImmutableObject(true)]
public sealed record SiteCharts(DayChartModel People, DayChartModel Mails);

/// <summary>The counts of all sites, as they were read together.</summary>
[ImmutableObject(true)]
internal sealed record AllFigures(IReadOnlyDictionary<Guid, SiteFigure> BySite);

/// <summary>
/// Charts of the last 30 days, each line from an index or from sums. They are remembered for some seconds, so that whoever looks at the
/// same site, or has its page open, asks the database once.
/// </summary>
internal sealed class DayFigures(RecentCache cache, IServiceScopeFactory scopes, TimeProvider clock)
{
    private const int Shown = 30;

    /// <summary>The last days, today included.</summary>
    private List<DateOnly> Days
    {
        get
        {
            var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
            return [.. Enumerable.Range(1 - Shown, Shown).Select(today.AddDays)];
        }
    }

    public async ValueTask<SiteCharts> OfSiteAsync(Guid siteId, CancellationToken ct) =>
        (await cache.FindAsync<SiteCharts>(siteId, ReadAsync, RecentCache.Seconds, ct))!;

    /// <summary>The counts of all sites, for whoever only wants to know whether they changed.</summary>
    public async ValueTask<IReadOnlyDictionary<Guid, SiteFigure>> CountsAsync(CancellationToken ct) =>
        (await cache.FindAsync<AllFigures>(Guid.Empty, ReadCountsAsync, RecentCache.Seconds, ct))!.BySite;

    /// <summary>The mails of some sites together.</summary>
    /// <param name="sites">Null is all.</param>
    public async Task<DayChartModel> MailsAsync(IReadOnlyList<Guid>? sites, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await MailsAsync(scope.ServiceProvider, sites, Days, ct);
    }

    private async ValueTask<AllFigures?> ReadCountsAsync(Guid all, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return new(await scope.ServiceProvider.GetRequiredService<SiteFigures>().ReadAsync(ct));
    }

    private async ValueTask<SiteCharts?> ReadAsync(Guid siteId, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var days = Days;
        var statistics = scope.ServiceProvider.GetRequiredService<SiteStatistics>();
        var events = scope.ServiceProvider.GetRequiredService<EventCounts>();
        var received = await statistics.ReceivedByDayAsync(siteId, days[0], ct);
        var confirmed = await events.ByDayAsync(siteId, EventTypes.SubscriptionConfirmed, days[0], ct);
        var left = await events.ByDayAsync(siteId, EventTypes.SubscriptionUnsubscribed, days[0], ct);
        IReadOnlyList<int> Line(Dictionary<DateOnly, int> counts) => [.. days.Select(day => counts.GetValueOrDefault(day))];
        return new(
            new(
                () => T("Sign-ups"),
                days,
                [
                    new(() => T("Submissions"), "one", Line(received)),
                    new(() => T("Confirmed"), "two", Line(confirmed)),
                    new(() => T("Unsubscribed"), "three", Line(left)),
                ]
            ),
            await MailsAsync(scope.ServiceProvider, [siteId], days, ct)
        );
    }

    private static async Task<DayChartModel> MailsAsync(
        IServiceProvider scope,
        IReadOnlyList<Guid>? sites,
        List<DateOnly> days,
        CancellationToken ct
    )
    {
        var rates = (await scope.GetRequiredService<MailRateStore>().ByDayAsync(sites, days[0], ct)).ToDictionary(one => one.Day);
        return new(
            () => T("Emails"),
            days,
            [
                new(() => T("Sent"), "one", DayChartModel.ValuesOf(days, rates, one => one.Sent)),
                new(() => T("Came back"), "two", DayChartModel.ValuesOf(days, rates, one => one.Bounced)),
                new(() => T("Called spam"), "three", DayChartModel.ValuesOf(days, rates, one => one.Complained)),
            ]
        );
    }
}
