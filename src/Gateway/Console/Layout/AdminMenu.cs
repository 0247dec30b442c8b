using Gateway.Console.SignIn;

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

/// <summary>Where the navigation leads: one line for each place.</summary>
internal static class AdminMenu
{
    private const string People = "people";
    private const string Sending = "sending";
    private const string Setting = "setting";
    private const SiteRights See = SiteRights.See;

    public static readonly IReadOnlyList<MenuEntry> OfGateway =
    [
        new("overview", "Overview", "/admin"),
        new("failed", "Failed", "/admin/failed", AnyOf: See),
        new("hygiene", "Hygiene", "/admin/hygiene", AnyOf: See),
        new("people", "People", "/admin/people") { IsOperators = true },
        new("audit", "Audit", "/admin/audit") { IsOperators = true },
        new("health", "Health", "/admin/health") { IsOperators = true },
        new("jobs", "Jobs", "/hangfire") { IsOperators = true },
        new("set-up", "Set-up", "/admin/set-up") { IsOperators = true },
    ];

    public static readonly IReadOnlyList<MenuEntry> OfSite =
    [
        new("site", "Overview", "", "", See),
        new("site-submissions", "Submissions", "/submissions", "", See),
        new("site-failed", "Failed", "/failed", "", See),
        new("site-forms", "Forms", "/forms", "", See),
        new("site-contacts", "Contacts", "/contacts", People, See | SiteRights.Privacy),
        new("site-lists", "Lists", "/lists", People, See),
        new("site-suppressions", "Suppressions", "/suppressions", People, See),
        new("site-hygiene", "Hygiene", "/hygiene", People, See),
        new("site-imports", "Import and export", "/imports", People, See),
        new("site-messages", "Messages", "/messages", Sending, See),
        new("site-sms", "SMS", "/sms", Sending, See),
        new("site-templates", "Templates", "/templates", Sending, See),
        new("site-check", "Check a message", "/check", Sending, See),
        new("site-domains", "Sender domains", "/domains", Sending, See),
        new("site-settings", "Settings", "/settings", Setting, See),
        new("site-connect", "WordPress and Zapier", "/connect", Setting, See),
        new("site-connections", "Connections", "/connections", Setting, See),
        new("site-keys", "Keys", "/keys", Setting, See),
        new("site-hooks", "Hooks", "/hooks", Setting, See),
        new("site-audit", "Audit", "/audit", Setting, SiteRights.Manage),
    ];
}
