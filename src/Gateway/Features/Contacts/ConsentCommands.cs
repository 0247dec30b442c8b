using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Contacts;

/// <summary><c>consents verify [SITE]</c>.</summary>
internal static class ConsentCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) => new("consents", "The consent ledger") { Verify(services) };

    private static Command Verify(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string?>("SITE")
        {
            Description = "The site's id; all sites when left out",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Command("verify", "Check that no entry was changed, removed or swapped") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var given = parsed.GetValue(site);
                var one = PublicId.Parse(PublicId.Site, given);
                if (given is not null && one is null)
                {
                    return CommandOutput.Failed("SITE is the id of a site, site_…. See: gateway site list");
                }

                var sites = await scope.GetRequiredService<SiteStore>().ListAsync(one is { } only ? [only] : null, ct);
                var ledger = scope.GetRequiredService<ConsentLedger>();
                long entries = 0;
                foreach (var siteId in sites.Select(row => row.Id))
                {
                    var (read, firstBad) = await ledger.VerifyAsync(siteId, ct);
                    entries += read;
                    if (firstBad is not null)
                    {
                        var id = PublicId.Format(PublicId.Site, siteId);
                        return new(
                            new
                            {
                                entries,
                                ok = false,
                                firstBad = new { site = id, sequence = firstBad },
                            },
                            $"The ledger of {id} is broken at entry {firstBad}: it was changed, removed or swapped.",
                            2
                        );
                    }
                }

                return new(new { entries, ok = true }, $"{entries} entries, every one in its place.");
            }
        );
    }
}
