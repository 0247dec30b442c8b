using System.CommandLine;
using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;

namespace Gateway.CommandLine;

/// <summary><c>problems list</c>, <c>problems retry</c>: connections that are held, and trying them at once.</summary>
internal static class ProblemCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("problems", "Mail servers and providers that do not take anything at the moment")
        {
            new Command("list", "List them, with the reason and how much waits; what waits goes out by itself once it is fixed").Does(
                services,
                async (scope, _, ct) =>
                {
                    var open = await scope.GetRequiredService<Outages>().ListAsync(null, ct);
                    var sites = open.Select(one => one.Outage.SiteId).OfType<Guid>().Distinct().ToList();
                    var named = await scope.GetRequiredService<SiteStore>().GetManyAsync(sites, ct);
                    return new(
                        open.ConvertAll(Row),
                        open.Count == 0 ? "Everything can go out." : string.Join('\n', open.Select(one => Line(one, named)))
                    );
                }
            ),
            new Command("retry", "Try all of them now instead of at their next turn").Does(
                services,
                async (scope, _, ct) =>
                {
                    var held = await scope.GetRequiredService<Outages>().ProbeNowAsync(ct);
                    return new(new { retried = held }, held == 0 ? "Everything can go out." : $"{held} will be tried within a minute.");
                }
            ),
        };

    private static object Row(OpenOutage open) =>
        new
        {
            connection = open.Outage.Queue,
            site = open.Outage.SiteId is { } site ? PublicId.Format(PublicId.Site, site) : null,
            code = open.Outage.Code,
            reason = open.Outage.Reason,
            since = open.Outage.Since,
            failures = open.Outage.Failures,
            nextTry = open.Outage.ProbeAt,
            waiting = open.Waiting.Values.Sum(),
        };

    private static string Line(OpenOutage open, IReadOnlyDictionary<Guid, Site> sites)
    {
        var whose = open.Outage.SiteId is { } site && sites.TryGetValue(site, out var named) ? $" of {named.Name}" : "";
        var (outage, waiting) = (open.Outage, open.Waiting.Values.Sum());
        var verb = waiting == 1 ? "waits" : "wait";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{outage.Queue, -6} {waiting, 6}{whose} {verb} since {outage.Since:yyyy-MM-dd HH:mm} UTC: {outage.Reason}"
        );
    }
}
