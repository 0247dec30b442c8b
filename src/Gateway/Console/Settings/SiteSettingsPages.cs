using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.OptIn.Pages;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Settings;

/// <summary>/admin/sites/{site}/settings — a site's name, sender, brand, language, quiet hours, and how long things are kept.</summary>
internal static class SiteSettingsPages
{
    public const string PreviewButton = "preview";

    /// <summary>The settings as people read them in a sentence.</summary>
    private static string LabelOf(string setting) =>
        setting switch
        {
            SiteRules.From => T("The sender"),
            SiteRules.Language => T("The language"),
            SiteRules.TimeZone => T("The time zone"),
            SiteRules.MailQuiet => T("The quiet time of emails"),
            SiteRules.SmsQuiet => T("The quiet time of SMS"),
            SiteRules.TestRecipients => T("Addresses for tests"),
            SiteRules.KeepDays => T("The number of days"),
            SiteRules.Colour => T("The colour"),
            SiteRules.Logo => T("The logo"),
            _ => T("The footer"),
        };

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/settings", AdminPages.Look, LookAsync).WithName("AdminSiteSettingsPage").WithSummary("Show a site's settings");
        site.MapPost("/settings", ChangeAsync)
            .WithName("AdminChangeSite")
            .WithSummary("Change a site's settings, or look at them before");
    }

    private static Task<IResult> LookAsync(AdminPageContext context, SettingsPreview preview, CancellationToken ct) =>
        ShowAsync(context, context.Site!, form: null, why: null, preview, ct);

    private static async Task<IResult> ChangeAsync(
        PageForm form,
        AdminPageContext context,
        SiteStore sites,
        SiteCache cache,
        AuditLog audit,
        FormVersions versions,
        SettingsPreview preview,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] == PreviewButton)
        {
            return await ShowAsync(context, context.Site!, form, why: null, preview, ct);
        }

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
            return await ShowAsync(context, await sites.GetAsync(context.SiteId, ct), form, why, preview, ct);
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
        site.Footer = OrNull(asked.Footer);
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

        return SiteRules.ErrorOf(site, LabelOf);
    }

    private static string? OrNull(string typed) => typed.Length == 0 ? null : typed;

    /// <param name="form">What was typed, where it is not saved; null shows what is stored.</param>
    private static async Task<IResult> ShowAsync(
        AdminPageContext context,
        Site stored,
        PageForm? form,
        Refusal? why,
        SettingsPreview preview,
        CancellationToken ct
    )
    {
        var (now, brand) = (SiteForm.Of(stored), Brand.Of(stored));
        var unfit = form is null ? null : Apply(SiteForm.Read(form), stored, context.User.Access.IsOperator);
        var shown =
            !context.User.Access.May(context.SiteId, SiteRights.Manage) ? null
            : unfit is not null ? ShownSettings.Not(TStored(unfit.Message))
            : await preview.ShowAsync(context, stored, ct);
        var page = context.Show<SiteSettingsPage>(
            (nameof(SiteSettingsPage.Asked), form is null ? now : SiteForm.Read(form)),
            (nameof(SiteSettingsPage.Version), FormVersions.Again(now, form, why)),
            (nameof(SiteSettingsPage.Brand), brand),
            (nameof(SiteSettingsPage.Shown), shown),
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
    string Footer,
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
            site.Footer ?? "",
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
            form.Raw("footer").Trim(),
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
