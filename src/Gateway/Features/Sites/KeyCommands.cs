using System.CommandLine;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>
/// <c>key rotate SITE</c>, <c>key add SITE NAME</c>, <c>key list SITE</c>, <c>key revoke SITE KEY</c>, <c>key master FILE</c>.
/// </summary>
internal static class KeyCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("key", "Secrets") { Rotate(services), Add(services), List(services), Revoke(services), Master() };

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

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var name = new Argument<string>("NAME") { Description = "What it is for, such as Zapier" };
        var scope = new Option<string[]>("--scope")
        {
            Description = $"What it may do: {string.Join(", ", Scopes.All)}; may be repeated. Without it, what a token has by itself",
            AllowMultipleArgumentsPerToken = true,
        };
        return new Command("add", "Make an API key for one program and print its secret, which is shown only this once")
        {
            site,
            name,
            scope,
        }.Does(
            services,
            async (provider, parsed, ct) =>
            {
                if (await FindAsync(provider, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var scopes = parsed.GetValue(scope) is { Length: > 0 } given ? given : Scopes.Usual;
                var added = await provider
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () => provider.GetRequiredService<ApiKeys>().AddAsync(found.Id, parsed.GetRequiredValue(name), scopes, ct),
                        outcome =>
                            outcome.IsRefused(out _, out var made)
                                ? null
                                : new(found.Id, "cli", "key.added", PublicId.Format(PublicId.ApiKey, made.Id)),
                        ct
                    );
                return added.IsRefused(out var why, out var key)
                    ? CommandOutput.Failed(why.Message)
                    : new(
                        new
                        {
                            key = PublicId.Format(PublicId.ApiKey, key.Id),
                            clientId = key.Issued.ClientId,
                            clientSecret = key.Issued.ClientSecret,
                        },
                        $"The key \"{key.Name}\" of \"{found.Name}\". The secret is shown only now.\n\n  Client id       "
                            + $"{key.Issued.ClientId}\n  Client secret   {key.Issued.ClientSecret}"
                    );
            }
        );
    }

    private static Command List(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        return new Command("list", "List a site's API keys that work") { site }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (await FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var keys = (await scope.GetRequiredService<ApiKeys>().LiveAsync(found.Id, ct))
                    .Where(key => key.Kind == CredentialKind.Api)
                    .Select(key => new
                    {
                        key = PublicId.Format(PublicId.ApiKey, key.Id),
                        clientId = key.ClientId,
                        name = key.Name,
                        scopes = key.Scopes,
                        createdAt = key.CreatedAt,
                        lastUsedAt = key.LastUsedAt,
                    })
                    .ToList();
                return new(keys, string.Join('\n', keys.Select(key => $"{key.key}  {key.clientId}  {key.name ?? "made with the site"}")));
            }
        );
    }

    private static Command Revoke(Func<Task<IServiceProvider>> services)
    {
        var site = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var key = new Argument<string>("KEY") { Description = "The key's id, key_…" };
        return new Command("revoke", "Make an API key worthless; tokens that were made with it end within the hour") { site, key }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var id = parsed.GetRequiredValue(key);
                if (
                    await FindAsync(scope, parsed.GetRequiredValue(site), ct) is not { } found
                    || PublicId.Parse(PublicId.ApiKey, id) is not { } keyId
                    || !await scope
                        .GetRequiredService<AuditLog>()
                        .RecordAsync(
                            () => scope.GetRequiredService<ApiKeys>().RevokeAsync(found.Id, keyId, ct),
                            done => done ? new(found.Id, "cli", "key.revoked", id) : null,
                            ct
                        )
                )
                {
                    return CommandOutput.Failed("The site has no such key. See: gateway key list SITE");
                }

                return new(new { revoked = id }, $"The key {id} works no more.");
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
