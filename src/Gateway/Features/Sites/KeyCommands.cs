using System.CommandLine;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary><c>key rotate SITE</c>, <c>key master FILE</c>.</summary>
internal static class KeyCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) => new("key", "Secrets") { Rotate(services), Master() };

    private static Command Rotate(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        return new Command("rotate", "Make new secrets for a site; those before the last ones stop working") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var keys = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () => scope.GetRequiredService<SiteCredentials>().RotateAsync(found.Id, ct),
                        keys => new(found.Id, "cli", "key.rotated", keys.Site),
                        ct
                    );
                return new(
                    keys,
                    Describe(keys, $"New secrets for \"{found.Name}\". The ones before still work until the next rotation.")
                );
            }
        );
    }

    private static Command Master()
    {
        var file = new Argument<string>("FILE") { Description = "Where to write it" };
        var command = new Command("master", "Make a master key, once for an installation") { file };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            if (File.Exists(path))
            {
                return CommandOutput.Failed($"{path} exists already and is never replaced.").Print(parsed);
            }

            MasterKey.Create(path);
            return new CommandOutput(
                new { file = path },
                $"Wrote {path}. Keep a copy apart from the database: without it nothing in the database can be opened."
            ).Print(parsed);
        });
        return command;
    }

    public static async Task<Site?> FindAsync(IServiceProvider scope, string? publicId, CancellationToken ct) =>
        PublicId.Parse(PublicId.Site, publicId) is { } id
            ? await scope.GetRequiredService<GatewayDb>().Sites.AsNoTracking().SingleOrDefaultAsync(site => site.Id == id, ct)
            : null;

    public static string Describe(IssuedKeys keys, string headline) =>
        $"""
            {headline}
            These secrets are shown only now.

              Site            {keys.Site}
              Connection key  {keys.ConnectionKey}
                              (paste it into the plugin's settings in WordPress)
              Client id       {keys.ClientId}
              Client secret   {keys.ClientSecret}
                              (for Zapier and scripts)
            """;
}
