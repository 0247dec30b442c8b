using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary><c>hook list SITE</c>.</summary>
internal static class HookCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) => new("hook", "Who gets a site's events") { List(services) };

    private static Command List(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        return new Command("list", "List a site's hooks") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await KeyCommands.FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var hooks = (
                    await scope
                        .GetRequiredService<GatewayDb>()
                        .Hooks.AsNoTracking()
                        .Where(hook => hook.SiteId == found.Id && hook.EndedAt == null)
                        .OrderBy(hook => hook.Id)
                        .ToListAsync(ct)
                ).ConvertAll(HookResponse.Of);
                return new(
                    hooks,
                    hooks.Count == 0
                        ? "The site has no hooks."
                        : string.Join('\n', hooks.Select(hook => $"{hook.Id}  {hook.Event}  {hook.Url}"))
                );
            }
        );
    }
}
