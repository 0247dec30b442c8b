using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Features.OptIn.Pages;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;

namespace Gateway.Console.Settings;

/// <summary>/admin/sites/{site}/settings — a site's name, sender, brand, language, quiet hours, and how long things are kept.</summary>
internal static class SiteSettingsPages
{
    /// <summary>The settings as people read them in a sentence.</summary>
    private static readonly Dictionary<string, string> Labels = new()
    {
        [SiteRules.From] = "The sender",
        [SiteRules.Language] = "The language",
        [SiteRules.TimeZone] = "The time zone",
        [SiteRules.MailQuiet] = "The quiet time of emails",
        [SiteRules.SmsQuiet] = "The quiet time of SMS",
        [SiteRules.TestRecipients] = "Addresses for tests",
        [SiteRules.KeepDays] = "The number of days",
        [SiteRules.Colour] = "The colour",
        [SiteRules.Logo] = "The logo",
    };

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/settings", AdminPages.Look, Look).WithName("AdminSiteSettingsPage").WithSummary("Show a site's settings");
        site.MapPost("/settings", ChangeAsync).WithName("AdminChangeSite").WithSummary("Change a site's settings");
    }

    private static IResult Look(AdminPageContext context) => Show(context, context.Site!, form: null, why: null);

    private static async Task<IResult> ChangeAsync(
        PageForm form,
        AdminPageContext context,
        SiteStore sites,
        SiteCache cache,
        AuditLog audit,
        FormVersions versions,
        CancellationToken ct
    )
    {
        var asked = SiteForm.Read(form);
        var subject = PublicId.Format(PublicId.Site, context.SiteId);
        var changed = await audit.RecordAsync(
            async () =>
            {
                await sites.LockAsync(context.SiteId, ct);
                var stored = SiteForm.Of(await sites.GetAsync(context.SiteId, ct));
                return await versions.ErrorAsync(form, stored, context.SiteId, subject, ct) is { } stale
                    ? stale
                    : await sites.ChangeAsync(context.SiteId, site => Apply(asked, site, context.User.Access.IsOperator), ct);
            },
            outcome => outcome.IsRefused(out _, out _) ? null : new(context.SiteId, context.User.Actor, "site.changed", subject),
            ct
        );
        if (changed.IsRefused(out var why, out _))
        {
            return Show(context, await sites.GetAsync(context.SiteId, ct), form, why);
        }

        cache.Forget(context.SiteId);
        return AdminPageContext.Go($"{context.SiteUrl}/settings", AdminNotices.SiteChanged);
    }

    /// <summary>
    /// What others who send over the same installation would suffer from, only an operator changes: the sender, the brake, and whether
    /// addresses leave before they are confirmed.
    /// </summary>
    private static Refusal? Apply(SiteForm asked, Site site, bool isOperator)
    {
        site.Name = asked.Name;
        site.Language = SiteRules.LanguageOf(asked.Language) ?? site.Language;
        site.Colour = OrNull(asked.Colour);
        site.LogoUrl = OrNull(asked.Logo);
        site.TimeZone = asked.TimeZone;
        site.MailQuiet = OrNull(asked.MailQuiet);
        site.SmsQuiet = OrNull(asked.SmsQuiet);
        site.TestRecipients = OrNull(asked.TestRecipients);
        site.IpStorage = Enum.GetValues<IpStorage>()
            .FirstOrDefault(one => CaseConverter.Lower(one.ToString()) == asked.Ip, site.IpStorage);
        site.KeepDays =
            asked.KeepDays.Length == 0 ? null
            : int.TryParse(asked.KeepDays, NumberStyles.None, CultureInfo.InvariantCulture, out var days) ? days
            : 0;
        if (isOperator)
        {
            site.FromEmail = SiteRules.AddressOf(OrNull(asked.From));
            site.Brake = asked.Brake;
            site.TellSubmissions = asked.TellSubmissions;
        }

        return SiteRules.ErrorOf(site, setting => Labels[setting]);
    }

    private static string? OrNull(string typed) => typed.Length == 0 ? null : typed;

    /// <param name="form">What was typed, where it was refused; null shows what is stored.</param>
    private static IResult Show(AdminPageContext context, Site stored, PageForm? form, Refusal? why)
    {
        var now = SiteForm.Of(stored);
        var page = context.Show<SiteSettingsPage>(
            (nameof(SiteSettingsPage.Asked), form is null ? now : SiteForm.Read(form)),
            (nameof(SiteSettingsPage.Version), FormVersions.Again(now, form, why)),
            (nameof(SiteSettingsPage.Brand), Brand.Of(stored)),
            (nameof(SiteSettingsPage.Error), why?.Message)
        );
        page.StatusCode = AdminPages.StatusOf(why);
        return page;
    }
}

/// <summary>What the form of a site's settings says. Public, like the components, because Razor makes them so.</summary>
/// <param name="Ip">As the command line names it: <c>full</c>.</param>
/// <param name="KeepDays">Empty for the installation's number.</param>
public sealed record SiteForm(
    string Name,
    string From,
    string Language,
    string Colour,
    string Logo,
    string TimeZone,
    string MailQuiet,
    string SmsQuiet,
    string TestRecipients,
    string Ip,
    string KeepDays,
    bool Brake,
    bool TellSubmissions
)
{
    internal static SiteForm Of(Site site) =>
        new(
            site.Name,
            site.FromEmail ?? "",
            site.Language,
            site.Colour ?? "",
            site.LogoUrl ?? "",
            site.TimeZone,
            site.MailQuiet ?? "",
            site.SmsQuiet ?? "",
            site.TestRecipients ?? "",
            CaseConverter.Lower(site.IpStorage.ToString()),
            site.KeepDays?.ToString(CultureInfo.InvariantCulture) ?? "",
            site.Brake,
            site.TellSubmissions
        );

    internal static SiteForm Read(PageForm form) =>
        new(
            form["name"] ?? "",
            form["from"] ?? "",
            form["language"] ?? "",
            form["colour"] ?? "",
            form["logo"] ?? "",
            form["time-zone"] ?? "",
            form["mail-quiet"] ?? "",
            form["sms-quiet"] ?? "",
            form["test-recipients"] ?? "",
            form["ip"] ?? "",
            form["keep-days"] ?? "",
            form["brake"] is not null,
            form["tell-submissions"] is not null
        );
}
