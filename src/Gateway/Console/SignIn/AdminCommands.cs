using System.CommandLine;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary><c>admin link</c>, <c>admin list</c>, <c>admin revoke WHO</c>: who may sign in to the admin pages.</summary>
internal static class AdminCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("admin", "Who signs in to the admin pages") { Link(services), List(services), Revoke(services) };

    private static Command Link(Func<Task<IServiceProvider>> services)
    {
        var name = new Option<string>("--name")
        {
            Description = "Whom it is for, such as an email address; the audit names them so",
            DefaultValueFactory = _ => Environment.UserName,
        };
        var site = new Option<string[]>("--site")
        {
            Description = "Open this site alone; may be repeated. Without it the link is an operator's",
            AllowMultipleArgumentsPerToken = true,
        };
        var role = new Option<string>("--role")
        {
            Description =
                "What they are at these sites: manager, viewer (sees, changes nothing) or privacy (finds, proves, erases people)",
            DefaultValueFactory = _ => "manager",
        };
        role.AcceptOnlyFromAmong([.. AdminRoles.Named.Keys]);
        return new Command("link", "Print a link that signs somebody in, once and within 15 minutes") { name, site, role }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var whom = parsed.GetValue(name)!.Trim();
                if (whom.Length is 0 or > AdminLinks.MaxName || whom.Any(char.IsControl))
                {
                    return CommandOutput.Failed($"--name has 1 to {AdminLinks.MaxName} characters, without control characters.");
                }

                var at = parsed.GetValue(role)!;
                if (at != "manager" && parsed.GetValue(site) is not { Length: > 0 })
                {
                    return CommandOutput.Failed("--role is a role at a site: say which by --site.");
                }

                var sites = new List<Guid>();
                foreach (var id in parsed.GetValue(site) ?? [])
                {
                    if (await KeyCommands.FindAsync(scope, id, ct) is not { } found)
                    {
                        return CommandOutput.Failed($"There is no site {id}. See: gateway site list");
                    }

                    sites.Add(found.Id);
                }

                var (token, row) = await scope
                    .GetRequiredService<AdminLinks>()
                    .MakeAsync(whom, sites.Count == 0 ? AdminRoles.Operator : AdminRoles.To(at, sites), ct);
                var link = scope.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicBase + AdminLinks.Path(token);
                return new(
                    new
                    {
                        link,
                        name = whom,
                        role = row.Access.Role,
                        sites = Sites(row.Access),
                        expiresAt = row.ExpiresAt,
                    },
                    $"{link}\nIt signs in {whom} as {row.Access.Role}, once, within {AdminLinks.Lifetime.TotalMinutes} minutes. Whoever "
                        + "has it can use it."
                );
            }
        );
    }

    private static Command List(Func<Task<IServiceProvider>> services) =>
        new Command("list", "List who is signed in").Does(
            services,
            async (scope, _, ct) =>
            {
                var sessions = (await scope.GetRequiredService<AdminSessions>().ListAsync(ct)).ConvertAll(session => new
                {
                    id = PublicId.Format(PublicId.AdminSession, session.Id),
                    name = session.Name,
                    role = session.Access.Role,
                    sites = Sites(session.Access),
                    means = session.Means,
                    startedAt = session.StartedAt,
                    endsAt = session.EndsAt,
                });
                return new(
                    sessions,
                    sessions.Count == 0
                        ? "Nobody is signed in."
                        : string.Join(
                            '\n',
                            sessions.Select(one =>
                                $"{one.id}  {one.name}  {one.role}  since {one.startedAt:yyyy-MM-dd HH:mm} UTC, at the latest until "
                                + $"{one.endsAt:yyyy-MM-dd HH:mm}"
                            )
                        )
                );
            }
        );

    private static Command Revoke(Func<Task<IServiceProvider>> services)
    {
        var who = new Argument<string?>("WHO")
        {
            Description = "A session's id, ses_…, or somebody's name",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "Everybody" };
        return new Command("revoke", "Sign somebody out at once, and make links for them that were not used yet worthless")
        {
            who,
            all,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var whom = parsed.GetValue(who);
                if ((whom is null) != parsed.GetValue(all))
                {
                    return CommandOutput.Failed("Say who: a session's id, a name, or --all. See: gateway admin list");
                }

                var revoked = await scope.GetRequiredService<AdminSessions>().RevokeAsync(whom, ct);
                return revoked > 0 || whom is null
                    ? new(new { revoked }, $"{revoked} sessions, links and codes have ended. {KeysRemain(scope)}")
                    : CommandOutput.Failed("Nobody of this id or name is signed in. See: gateway admin list");
            }
        );
    }

    /// <summary>A key is a site's, and what it lets in may be in use: whoever made it, it goes only by its own page.</summary>
    private static string KeysRemain(IServiceProvider scope) =>
        "Keys that they made, and WordPress sites that they connected, go on working. Look at the keys of their sites: open a site at "
        + $"{scope.GetRequiredService<IOptions<GatewayOptions>>().Value.PublicBase}/admin and press Keys, or run gateway key list SITE.";

    private static IEnumerable<string>? Sites(AdminRoles access) => access.Sites?.Select(site => PublicId.Format(PublicId.Site, site));
}
