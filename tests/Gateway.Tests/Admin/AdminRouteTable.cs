namespace Gateway.Tests.Admin;

/// <summary>Who may do what on the admin pages: every route stands here once. A reviewer sees each new one.</summary>
internal static class AdminRouteTable
{
    public const string Operator = "operator";
    public const string Manager = "manager of this site";
    public const string OtherManager = "manager of another site";
    public const string Viewer = "viewer";
    public const string Privacy = "privacy";
    public const string Nobody = "nobody";

    public static readonly string[] Everybody = [Operator, Manager, OtherManager, Viewer, Privacy, Nobody];
    private static readonly string[] SignedIn = [Operator, Manager, OtherManager, Viewer, Privacy];
    private static readonly string[] Onlookers = [Operator, Manager, OtherManager, Viewer];
    private static readonly string[] Managers = [Operator, Manager, OtherManager];
    private static readonly string[] See = [Operator, Manager, Viewer];
    private static readonly string[] People = [Operator, Manager, Viewer, Privacy];
    private static readonly string[] Privately = [Operator, Manager, Privacy];
    private static readonly string[] Manage = [Operator, Manager];

    /// <summary>Method and route, and who may; a route of a site is asked for that site.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Who = new (string[] Who, string[] Routes)[]
    {
        (
            Everybody,
            [
                "GET /admin/sign-in",
                "GET /admin/sign-in/oidc",
                "GET /admin/sign-in/{token}",
                "POST /admin/sign-in/{token}",
                "POST /admin/sign-in/mail",
                "POST /admin/language",
                "POST /admin/sign-in/passkey",
                "POST /admin/sign-in/passkey/options",
                "GET /admin/address-check/{value}",
                "GET /admin/test-mail/{value}",
                "POST /admin/test-mail/{value}",
            ]
        ),
        (
            SignedIn,
            [
                "GET /admin",
                "POST /admin/sign-out",
                "GET /admin/sessions",
                "POST /admin/sessions/elsewhere",
                "POST /admin/sessions/passkeys",
                "POST /admin/sessions/passkeys/options",
                "POST /admin/sessions/passkeys/{passkey}/remove",
            ]
        ),
        (
            [Operator],
            [
                "GET /admin/people",
                "POST /admin/people",
                "POST /admin/people/{person}/remove",
                "POST /admin/people/{person}/passkeys/remove",
                "POST /admin/people/sessions/{session}/end",
                "GET /admin/audit",
                "GET /admin/health",
                "GET /admin/set-up",
                "GET /admin/set-up/address",
                "POST /admin/set-up/address",
                "GET /admin/set-up/mail",
                "POST /admin/set-up/mail",
                "GET /admin/set-up/site",
                "POST /admin/set-up/site",
                "GET /admin/set-up/list",
                "POST /admin/set-up/list",
                "GET /admin/sites/new",
                "POST /admin/sites/new",
            ]
        ),
        (
            Onlookers,
            [
                "GET /admin/failed",
                "GET /admin/failed/causes/{cause}",
                "GET /admin/hygiene",
                "GET /admin/live",
                "GET /admin/domains",
                "GET /admin/connections",
                "GET /admin/hooks",
            ]
        ),
        (
            Managers,
            [
                "GET /admin/connect",
                "POST /admin/connect",
                "POST /admin/failed/causes/{cause}",
                "GET /admin/failed/decisions/{decision}",
                "GET /admin/failed/decisions/{decision}/live",
            ]
        ),
        (
            See,
            [
                "GET site",
                "GET site/failed",
                "GET site/failed/{id}",
                "GET site/failed/causes/{cause}",
                "GET site/live",
                "GET site/connect",
                "GET site/submissions",
                "POST site/submissions",
                "GET site/submissions/{submission}",
                "GET site/submissions/{id}/live",
                "GET site/messages",
                "POST site/messages",
                "GET site/messages/{message}",
                "GET site/messages/{id}/live",
                "GET site/sms",
                "POST site/sms",
                "GET site/sms/{id}",
                "GET site/sms/{id}/live",
                "GET site/imports/{id}/live",
                "GET site/domains",
                "GET site/hygiene",
                "GET site/imports",
                "GET site/imports/{id}",
                "GET site/check",
                "POST site/check",
                "GET site/segments",
                "GET site/segments/{segment}",
                "GET site/templates",
                "GET site/templates/frames/{id}",
                "GET site/templates/{template}",
                "GET site/templates/{template}/settings",
                "GET site/templates/{template}/{language}/history",
                "GET site/templates/{template}/{language}/history/{number:int}",
                "GET site/connections",
                "GET site/connections/{connection}",
                "GET site/lists",
                "GET site/lists/{list}",
                "GET site/lists/{list}/members",
                "POST site/lists/{list}/members",
                "GET site/lists/{list}/members/{status}",
                "GET site/forms",
                "GET site/keys",
                "GET site/hooks",
                "GET site/hooks/{hook}",
                "GET site/settings",
                "GET site/suppressions",
                "POST site/suppressions",
            ]
        ),
        (
            People,
            [
                "GET site/contacts",
                "POST site/contacts",
                "GET site/contacts/{contact}",
                "GET site/contacts/{contact}/evidence",
                "GET site/contacts/{contact}/evidence.json",
            ]
        ),
        (Privately, ["POST site/contacts/{contact}/erase", "GET site/export/{what}"]),
        (
            Manage,
            [
                "POST site/brake",
                "POST site/failed/{id}",
                "POST site/failed/causes/{cause}",
                "GET site/failed/decisions/{decision}",
                "GET site/failed/decisions/{decision}/live",
                "POST site/connect",
                "POST site/submissions/{submission}/body",
                "POST site/messages/{message}/cancel",
                "POST site/sms/{id}/cancel",
                "POST site/sms/{id}/resolve",
                "POST site/domains/test",
                "POST site/domains",
                "GET site/hygiene.csv",
                "GET site/hygiene/{list}/ask",
                "POST site/hygiene/{list}/ask",
                "GET site/hygiene/{list}/remove",
                "POST site/hygiene/{list}/remove",
                "POST site/contacts/{contact}/unsubscribe",
                "POST site/contacts/{contact}/resend",
                "POST site/contacts/{contact}/lift",
                "POST site/imports",
                "POST site/imports/{id}",
                "GET site/imports/{id}/not-taken.csv",
                "GET site/segments/new",
                "POST site/segments/new",
                "POST site/segments/{segment}",
                "POST site/segments/{segment}/delete",
                "GET site/templates/new",
                "POST site/templates/new",
                "GET site/templates/import",
                "POST site/templates/import",
                "POST site/templates/{template}/name",
                "POST site/templates/{template}/languages",
                "POST site/templates/{template}/delete",
                "GET site/templates/{template}/{language}",
                "POST site/templates/{template}/{language}",
                "GET site/templates/{template}/{language}/simple",
                "POST site/templates/{template}/{language}/simple",
                "GET site/templates/{template}/{language}/publish",
                "POST site/templates/{template}/{language}/publish",
                "GET site/templates/{template}/{language}/discard",
                "POST site/templates/{template}/{language}/discard",
                "POST site/templates/{template}/{language}/history/{number:int}",
                "GET site/connections/new/{kind}/{provider}",
                "POST site/connections/new/{kind}/{provider}",
                "POST site/connections/{connection}",
                "POST site/connections/{connection}/test",
                "POST site/connections/{connection}/lists",
                "POST site/connections/{connection}/delete",
                "GET site/lists/new",
                "POST site/lists/new",
                "POST site/lists/{list}",
                "POST site/lists/{list}/archive",
                "POST site/lists/{list}/delete",
                "GET site/lists/{list}/members.csv",
                "GET site/lists/{list}/resend",
                "POST site/lists/{list}/resend",
                "POST site/keys",
                "POST site/keys/connection",
                "POST site/keys/{key}/revoke",
                "GET site/hooks/new",
                "POST site/hooks/new",
                "POST site/hooks/{hook}",
                "POST site/hooks/{hook}/retry",
                "POST site/hooks/{hook}/test",
                "POST site/hooks/{hook}/secret",
                "POST site/hooks/{hook}/delete",
                "POST site/hooks/{hook}/deliveries/{delivery}",
                "POST site/settings",
                "POST site/suppressions/add",
                "POST site/suppressions/lift",
                "GET site/audit",
            ]
        ),
    }
        .SelectMany(group => group.Routes.Select(route => (Route: route.Replace(" site", " /admin/sites/{site}"), group.Who)))
        .ToDictionary(one => one.Route, one => one.Who);
}
