using System.CommandLine;
using System.Globalization;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;

namespace Gateway.Features.Sites;

/// <summary><c>site add NAME</c>, <c>site set SITE</c>, <c>site list</c>.</summary>
internal static class SiteCommands
{
    public static Command All(Func<Task<IServiceProvider>> services) =>
        new("site", "Sites this gateway serves") { Add(services), Set(services), List(services) };

    private static Command Add(Func<Task<IServiceProvider>> services)
    {
        var name = new Argument<string>("NAME") { Description = "As subscribers see it on pages and in mails" };
        var from = new Option<string?>("--from") { Description = "The sender of its mails, an email address" };
        var language = new Option<string>("--language")
        {
            Description = "en, fr, de, es or it: for forms in none of these",
            DefaultValueFactory = _ => "en",
        };
        var colour = new Option<string?>("--colour") { Description = "The brand's colour, #rrggbb" };
        var logo = new Option<string?>("--logo") { Description = "The https address of the brand's logo" };
        var footer = new Option<string?>("--footer")
        {
            Description = "Lines at the end of mails and pages: name, postal address, imprint",
        };
        var ip = new Option<IpStorage>("--ip") { Description = "How much of visitors' IP addresses is kept: full, truncated or none" };
        var again = new Option<bool>("--same-name") { Description = "Add it although there is a site with this name" };
        return new Command("add", "Add a site and print its secrets, which are shown only this once")
        {
            name,
            again,
            from,
            language,
            colour,
            logo,
            footer,
            ip,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                var site = new Site
                {
                    Name = parsed.GetRequiredValue(name).Trim(),
                    FromEmail = SiteRules.AddressOf(parsed.GetValue(from)),
                    Language = SiteRules.LanguageOf(parsed.GetValue(language))!,
                    Colour = parsed.GetValue(colour),
                    LogoUrl = parsed.GetValue(logo),
                    Footer = FooterOf(parsed.GetValue(footer)),
                    IpStorage = parsed.GetValue(ip),
                };
                if (Error(site) is { } error)
                {
                    return CommandOutput.Failed(error.Message);
                }

                if (!parsed.GetValue(again) && await scope.GetRequiredService<SiteStore>().FindByNameAsync(site.Name, ct) is { } known)
                {
                    return CommandOutput.Failed(
                        $"There is a site \"{known.Name}\" already: {PublicId.Format(PublicId.Site, known.Id)}. "
                            + "For new secrets of it: gateway key rotate SITE. To add another one with the same name: --same-name"
                    );
                }

                var keys = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () => scope.GetRequiredService<SiteCredentials>().AddSiteAsync(site, ct),
                        keys => new(site.Id, "cli", "site.added", keys.Site),
                        ct
                    );
                return new(keys, KeyCommands.Describe(keys, $"The site \"{site.Name}\" was added."));
            }
        );
    }

    private static Command Set(Func<Task<IServiceProvider>> services)
    {
        var id = new Argument<string>("SITE") { Description = "The site's id, site_…" };
        var name = new Option<string?>("--name") { Description = "As subscribers see it on pages and in mails" };
        var from = new Option<string?>("--from") { Description = "The sender of its mails, an email address" };
        var language = new Option<string?>("--language") { Description = "en, fr, de, es or it: for forms in none of these" };
        var tell = new Option<string?>("--tell-submissions")
        {
            Description = "on or off: whether hooks may get submissions, which carry addresses that nobody has confirmed",
        };
        tell.AcceptOnlyFromAmong("on", "off");
        var zone = new Option<string?>("--time-zone")
        {
            Description = "The time zone of its quiet hours and of dates in mails, such as Europe/Paris",
        };
        var mailQuiet = new Option<string?>("--mail-quiet")
        {
            Description = "When no transactional mail goes out, such as 22:00-07:00; off for never",
        };
        var smsQuiet = new Option<string?>("--sms-quiet") { Description = "When no SMS goes out, likewise" };
        var tests = new Option<string?>("--test-recipients")
        {
            Description = "The addresses that tests of templates may go to, with spaces between; off for none",
        };
        var keep = new Option<string?>("--keep-days")
        {
            Description =
                "For how many days submissions, mails, SMS and events are kept once they are done, 30 to 3650; off for the "
                + "installation's number",
        };
        var colour = new Option<string?>("--colour") { Description = "The brand's colour, #rrggbb; off for none" };
        var logo = new Option<string?>("--logo") { Description = "The https address of the brand's logo; off for none" };
        var footer = new Option<string?>("--footer")
        {
            Description = "Lines at the end of mails and pages: name, postal address, imprint; off for none",
        };
        var ip = new Option<IpStorage?>("--ip") { Description = "How much of visitors' IP addresses is kept: full, truncated or none" };
        var brake = new Option<string?>("--brake")
        {
            Description =
                "on or off: whether bulk mail stops while more is called spam or comes back than providers accept (gateway rates)",
        };
        brake.AcceptOnlyFromAmong("on", "off");
        return new Command("set", "Change a site; what is left out stays")
        {
            id,
            name,
            from,
            language,
            tell,
            zone,
            mailQuiet,
            smsQuiet,
            tests,
            keep,
            brake,
            colour,
            logo,
            footer,
            ip,
        }.Does(
            services,
            async (scope, parsed, ct) =>
            {
                if (PublicId.Parse(PublicId.Site, parsed.GetRequiredValue(id)) is not { } siteId)
                {
                    return CommandOutput.Failed("There is no such site. See: gateway site list");
                }

                var outcome = await scope
                    .GetRequiredService<AuditLog>()
                    .RecordAsync(
                        () =>
                            scope
                                .GetRequiredService<SiteStore>()
                                .ChangeAsync(
                                    siteId,
                                    site =>
                                    {
                                        site.Name = parsed.GetValue(name)?.Trim() ?? site.Name;
                                        site.FromEmail = SiteRules.AddressOf(parsed.GetValue(from)) ?? site.FromEmail;
                                        site.Language = SiteRules.LanguageOf(parsed.GetValue(language)) ?? site.Language;
                                        site.TimeZone = parsed.GetValue(zone) ?? site.TimeZone;
                                        site.MailQuiet = Unless(parsed.GetValue(mailQuiet), site.MailQuiet);
                                        site.SmsQuiet = Unless(parsed.GetValue(smsQuiet), site.SmsQuiet);
                                        site.TestRecipients = Unless(parsed.GetValue(tests), site.TestRecipients);
                                        site.Colour = Unless(parsed.GetValue(colour), site.Colour);
                                        site.LogoUrl = Unless(parsed.GetValue(logo), site.LogoUrl);
                                        site.Footer = Unless(FooterOf(parsed.GetValue(footer)), site.Footer);
                                        site.IpStorage = parsed.GetValue(ip) ?? site.IpStorage;
                                        if (parsed.GetValue(keep) is { } days)
                                        {
                                            site.KeepDays = days == "off" ? null : Number(days);
                                        }

                                        site.Brake = parsed.GetValue(brake) is { } stops ? stops == "on" : site.Brake;
                                        site.TellSubmissions = parsed.GetValue(tell) is { } chosen
                                            ? chosen == "on"
                                            : site.TellSubmissions;
                                        return Error(site);
                                    },
                                    ct
                                ),
                        done =>
                            done.IsRefused(out _, out var site)
                                ? null
                                : new(site.Id, "cli", "site.changed", PublicId.Format(PublicId.Site, site.Id)),
                        ct
                    );
                return outcome.IsRefused(out var why, out var changed)
                    ? CommandOutput.Failed(
                        why.Kind == RefusalKind.Missing ? "There is no such site. See: gateway site list" : why.Message
                    )
                    : new(View(changed), $"The site \"{changed.Name}\" was changed; a running gateway knows it within seconds.");
            }
        );
    }

    /// <returns>With the line ends of a form.</returns>
    private static string? FooterOf(string? typed) => typed?.ReplaceLineEndings("\n").Trim();

    private static string? Unless(string? given, string? known) =>
        given is null ? known
        : given == "off" ? null
        : given.Trim();

    /// <returns>0, which is refused, for what is no number.</returns>
    private static int Number(string days) =>
        int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static Refusal? Error(Site site) => SiteRules.ErrorOf(site, setting => "--" + setting);

    private static Command List(Func<Task<IServiceProvider>> services) =>
        new Command("list", "List the sites").Does(
            services,
            async (scope, _, ct) =>
            {
                var sites = (await scope.GetRequiredService<SiteStore>().ListAsync(null, ct)).ConvertAll(View);
                return new(
                    sites,
                    sites.Count == 0
                        ? "There are no sites yet: gateway site add NAME"
                        : string.Join('\n', sites.Select(site => $"{site.Site}  {site.Name}"))
                );
            }
        );

    private static SiteResponse View(Site site) =>
        new(
            PublicId.Format(PublicId.Site, site.Id),
            site.Name,
            site.FromEmail,
            site.Language,
            site.TellSubmissions,
            site.TimeZone,
            site.MailQuiet,
            site.SmsQuiet,
            site.TestRecipients,
            site.KeepDays,
            site.Brake,
            site.Colour,
            site.LogoUrl,
            CaseConverter.Lower(site.IpStorage.ToString()),
            site.CreatedAt
        );

    private sealed record SiteResponse(
        string Site,
        string Name,
        string? From,
        string Language,
        bool TellSubmissions,
        string TimeZone,
        string? MailQuiet,
        string? SmsQuiet,
        string? TestRecipients,
        int? KeepDays,
        bool Brake,
        string? Colour,
        string? Logo,
        string Ip,
        DateTime CreatedAt
    );
}
