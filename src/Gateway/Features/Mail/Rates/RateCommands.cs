using System.CommandLine;
using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail.Rates;

/// <summary><c>rates show [SITE]</c>, <c>rates limits</c>, <c>rates release SITE</c>: how much comes back and is called spam.</summary>
internal static class RateCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("rates", "How much mail comes back and is called spam, and the limits of providers")
        {
            Show(services),
            Limits(services),
            Release(services),
        };

    private static Command Show(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string?>("SITE")
        {
            Description = "The site's id, site_…; left out, all sites",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var days = new Option<int>("--days")
        {
            Description = "How many days back, today included; limits are about 7",
            DefaultValueFactory = _ => PublishedLimits.Days,
        };
        return new Command("show", "Show what became of mails, by sender and provider") { site, days }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var back = parsed.GetValue(days);
                if (back is < 1 or > 366)
                {
                    return CommandOutput.Failed("--days is a number from 1 to 366.");
                }

                List<Site> sites;
                if (parsed.GetValue(site) is { } given)
                {
                    if (await KeyCommands.FindAsync(scope, given, ct) is not { } found)
                    {
                        return CommandOutput.Failed("There is no such site. See: gateway site list");
                    }

                    sites = [found];
                }
                else
                {
                    sites = await scope.GetRequiredService<SiteStore>().ListAsync(only: null, ct);
                }

                var to = DateOnly.FromDateTime(scope.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
                var rates = scope.GetRequiredService<SiteRates>();
                var (rows, text) = (new List<object>(), new List<string>());
                foreach (var one in sites)
                {
                    var figures = await rates.ReadAsync(one.Id, one.Brake, to.AddDays(1 - back), to, ct);
                    rows.Add(new { site = PublicId.Format(PublicId.Site, one.Id), mails = figures });
                    text.Add(Describe(one, figures));
                }

                return new(rows, sites.Count == 0 ? "There are no sites yet: gateway site add NAME" : string.Join("\n\n", text));
            }
        );
    }

    private static Command Limits(Func<Task<IServiceProvider>> services) =>
        new Command("limits", "Show the limits that providers have published, with where").Does(
            services,
            (_, _, _) =>
                Task.FromResult(
                    new CommandOutput(
                        PublishedLimits.All,
                        string.Join(
                            '\n',
                            PublishedLimits.All.Select(limit =>
                                string.Create(
                                    CultureInfo.InvariantCulture,
                                    $"{Name(limit), -32} {CaseOf(limit.Measure), -10} {limit.Warning, 7:0.00%} {limit.Brake, 7:0.00%}  "
                                        + $"{limit.Source}"
                                )
                            )
                        )
                    )
                )
        );

    private static Command Release(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        return new Command("release", "Let a site's bulk mail go on although a limit is reached") { site }.Does(
            services,
            async (scope, parsed, ct) =>
                await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found
                    ? CommandOutput.Failed("There is no such site. See: gateway site list")
                : await scope.GetRequiredService<ReleaseBrake>().ReleaseAsync(found.Id, "cli", ct)
                    ? new(
                        new { released = true },
                        "Bulk mail goes out again. It stops anew only for a limit that is reached after the share was below it."
                    )
                : CommandOutput.Failed("The bulk mail of this site is not stopped.")
        );
    }

    private static string Describe(Site site, MailFigures figures)
    {
        var lines = new List<string>
        {
            $"{PublicId.Format(PublicId.Site, site.Id)}  {site.Name}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"  {"", -42} {"sent", 8} {"delivered", 9} {"bounced", 8} {"returned", 8} {"spam", 6}  bounced, spam"
            ),
        };
        lines.AddRange(
            figures.Providers.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {one.Sender + " to " + one.Provider, -42} {one.Sent, 8} {one.Delivered, 9} {one.Bounced, 8} {one.Returned, 8} "
                        + $"{one.Complained, 6}  {Share(one.BounceRate)}, {Share(one.ComplaintRate)}"
                )
            )
        );
        if (figures.Providers.Count == 0)
        {
            lines.Add("  No mails were sent.");
        }

        lines.AddRange(
            figures.Thresholds.Select(one =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {(one.Level == "brake" ? "SECOND LIMIT" : "FIRST LIMIT")}: {one.Measure} of {one.Sender} to "
                        + $"{(one.Provider == PublishedLimits.Everybody ? "everybody" : one.Provider)} are {one.Rate:0.###%} "
                        + $"({one.Cases} of {one.Of}); the limit is {one.Limit:0.###%}, says {one.Source}"
                )
            )
        );
        if (figures.Brake.Since is { } since)
        {
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  BRAKE since {since:yyyy-MM-dd HH:mm} UTC: {figures.Brake.Waiting} bulk mails wait. Go on with: gateway rates "
                        + $"release {PublicId.Format(PublicId.Site, site.Id)}"
                )
            );
        }

        lines.Add(
            $"  Not written to any more: {figures.Suppressed.Bounced} whose mail came back, {figures.Suppressed.Complained} who complained."
        );
        return string.Join('\n', lines);
    }

    private static string Name(PublishedLimit limit) =>
        limit.Provider == PublishedLimits.Everybody ? $"all, sent through {limit.Via}" : limit.Provider;

    private static string CaseOf(RateMeasure measure) => measure == RateMeasure.Bounces ? "bounces" : "complaints";

    private static string Share(double? share) =>
        share is null ? "not enough data" : string.Create(CultureInfo.InvariantCulture, $"{share:0.00%}");
}
