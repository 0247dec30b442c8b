using System.CommandLine;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Operations.Commands;

/// <summary><c>site add NAME</c>, <c>site list</c>.</summary>
internal static class SiteCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) => new("site", "Sites this gateway serves") { Add(services), List(services) };

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var name = new Argument<string>("NAME") { Description = "As subscribers see it on pages and in mails" };
        var from = new Option<string?>("--from") { Description = "The sender of its mails, an email address" };
        var language = new Option<string>("--language") { Description = "en, fr, de, es or it: for forms in none of these", DefaultValueFactory = _ => "en" };
        var colour = new Option<string?>("--colour") { Description = "The brand's colour, #rrggbb" };
        var logo = new Option<string?>("--logo") { Description = "The https address of the brand's logo" };
        var ip = new Option<IpStorage>("--ip") { Description = "How much of visitors' IP addresses is kept: full, truncated or none" };
        return new Command("add", "Add a site and print its secrets, which are shown only this once") { name, from, language, colour, logo, ip }.Does(
            services, async (scope, parsed, ct) =>
            {
                var site = new Site
                {
                    Name = parsed.GetRequiredValue(name).Trim(),
                    FromEmail = parsed.GetValue(from),
                    Language = parsed.GetValue(language)!,
                    Colour = parsed.GetValue(colour),
                    LogoUrl = parsed.GetValue(logo),
                    IpStorage = parsed.GetValue(ip),
                };
                if (Fault(site) is { } fault)
                {
                    return CommandOutput.Failed(fault);
                }

                var keys = await scope.GetRequiredService<SiteKeys>().AddSiteAsync(site, ct);
                await scope.GetRequiredService<AuditLog>().WriteAsync(site.Id, "cli", "site.added", keys.Site, ct);
                return new(keys, KeyCommands.Describe(keys, $"The site \"{site.Name}\" was added."));
            });
    }

    private static string? Fault(Site site) => site switch
    {
        { Name.Length: 0 or > 200 } => "A site's name has 1 to 200 characters.",
        _ when site.Name.Any(char.IsControl) => "A site's name has no control characters.",
        { FromEmail: { } from } when EmailAddress.Parse(from) is null => "--from must be one email address, such as news@shop.example.",
        _ when !Languages.All.Contains(site.Language) => $"--language is one of {string.Join(", ", Languages.All)}.",
        { Colour: { } colour } when !System.Text.RegularExpressions.Regex.IsMatch(colour, "^#[0-9a-fA-F]{6}$") => "--colour is a colour such as #1a2b3c.",
        { LogoUrl: { } logo } when !Uri.TryCreate(logo, UriKind.Absolute, out var url) || url.Scheme != "https" => "--logo is an address that begins with https://.",
        _ => null,
    };

    private static Command List(Func<Task<IServiceProvider>> services) => new Command("list", "List the sites").Does(
        services, async (scope, _, ct) =>
        {
            var sites = (await scope.GetRequiredService<GatewayDb>().Sites.AsNoTracking().OrderBy(site => site.Id).ToListAsync(ct))
                .Select(site => new { site = PublicId.Format(PublicId.Site, site.Id), name = site.Name, from = site.FromEmail, language = site.Language, createdAt = site.CreatedAt })
                .ToList();
            return new(sites, sites.Count == 0 ? "There are no sites yet: gateway site add NAME" : string.Join('\n', sites.Select(site => $"{site.site}  {site.name}")));
        });
}
