using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Mail;

/// <summary><c>mail-route SITE [WAY...]</c>.</summary>
internal static class MailRouteCommand
{
    private const string Off = "off";

    public static Command Of(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var ways = new Argument<string[]>("WAY")
        {
            Description =
                $"The site's connections for mail, conn_…, and \"{MailRoute.Installation}\" for the gateway's own transport, the first "
                + $"first; \"{Off}\" for none. Left out, the route is only shown",
            Arity = ArgumentArity.ZeroOrMore,
        };
        return new Command(
            "mail-route",
            "What a site's mails leave by: the next way is taken while the one before does not work, and certainly took nothing"
        )
        {
            id,
            ways,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var sites = scope.GetRequiredService<SiteStore>();
                if (
                    PublicId.Parse(PublicId.Site, parsed.GetRequiredValue(id)) is not { } siteId
                    || (await sites.ListAsync([siteId], ct)).SingleOrDefault() is not { } site
                )
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                if (parsed.GetValue(ways) is not { Length: > 0 } given)
                {
                    return Show(site);
                }

                return (await scope.GetRequiredService<MailRoute>().SetAsync(siteId, given is [Off] ? [] : given, "cli", ct)).IsRefused(
                    out var why,
                    out var changed
                )
                    ? CommandOutput.Failed(why.Message)
                    : Show(changed);
            }
        );
    }

    private static CommandOutput Show(Site site) =>
        new(
            new { site = PublicId.Format(PublicId.Site, site.Id), mailRoute = site.MailRoute?.Split(' ') ?? [] },
            site.MailRoute is { } route
                ? $"Mails of \"{site.Name}\" leave by {route.Replace(" ", ", else by ", StringComparison.Ordinal)}."
                : $"\"{site.Name}\" has no mail route: its mails leave by its oldest connection for mail, or else by the gateway's own "
                    + "transport."
        );
}
