using Gateway.Console.SignIn;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>A place that the navigation leads to.</summary>
/// <param name="Key">How a page says that it is there.</param>
/// <param name="Path">Of a site's place, what follows the site's address.</param>
/// <param name="Group">Places of one group stand together.</param>
/// <param name="AnyOf">Whoever has one of these rights is led there; null for whoever is signed in.</param>
internal sealed record MenuEntry(string Key, string Title, string Path, string Group = "", SiteRights? AnyOf = null)
{
    /// <summary>For operators alone.</summary>
    public bool IsOperators { get; init; }

    public bool IsFor(AdminLayout layout) => IsOperators ? layout.IsOperator : AnyOf is not { } needed || layout.May(needed);
}

/// <summary>Where the navigation leads: one line for each place, in the reader's language.</summary>
internal static class AdminMenu
{
    private const string People = "people";
    private const string Sending = "sending";
    private const string Setting = "setting";
    private const SiteRights See = SiteRights.See;

    public static IReadOnlyList<MenuEntry> OfGateway =>
        [
            new("overview", T("Overview"), "/admin"),
            new("failed", T("Failed"), "/admin/failed", AnyOf: See),
            new("hygiene", T("Hygiene"), "/admin/hygiene", AnyOf: See),
            new("domains", T("Domains"), "/admin/domains", AnyOf: See),
            new("connections", T("Connections"), "/admin/connections", AnyOf: See),
            new("hooks", T("Hooks"), "/admin/hooks", AnyOf: See),
            new("people", T("People"), "/admin/people") { IsOperators = true },
            new("audit", T("Audit"), "/admin/audit") { IsOperators = true },
            new("health", T("Health"), "/admin/health") { IsOperators = true },
            new("jobs", T("Jobs"), "/hangfire") { IsOperators = true },
            new("set-up", T("Set-up"), "/admin/set-up") { IsOperators = true },
        ];

    public static IReadOnlyList<MenuEntry> OfSite =>
        [
            new("site", T("Overview"), "", "", See),
            new("site-submissions", T("Submissions"), "/submissions", "", See),
            new("site-failed", T("Failed"), "/failed", "", See),
            new("site-forms", T("Forms"), "/forms", "", See),
            new("site-contacts", T("Contacts"), "/contacts", People, See | SiteRights.Privacy),
            new("site-lists", T("Lists"), "/lists", People, See),
            new("site-suppressions", T("Suppressions"), "/suppressions", People, See),
            new("site-hygiene", T("Hygiene"), "/hygiene", People, See),
            new("site-imports", T("Import and export"), "/imports", People, See),
            new("site-messages", T("Messages"), "/messages", Sending, See),
            new("site-sms", T("SMS"), "/sms", Sending, See),
            new("site-templates", T("Templates"), "/templates", Sending, See),
            new("site-check", T("Check a message"), "/check", Sending, See),
            new("site-domains", T("Sender domains"), "/domains", Sending, See),
            new("site-settings", T("Settings"), "/settings", Setting, See),
            new("site-connect", T("WordPress and Zapier"), "/connect", Setting, See),
            new("site-connections", T("Connections"), "/connections", Setting, See),
            new("site-keys", T("Keys"), "/keys", Setting, See),
            new("site-hooks", T("Hooks"), "/hooks", Setting, See),
            new("site-audit", T("Audit"), "/audit", Setting, SiteRights.Manage),
        ];
}
