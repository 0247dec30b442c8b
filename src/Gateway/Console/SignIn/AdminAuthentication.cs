using Gateway.Console.Layout;
using Gateway.Infrastructure;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary>Names of the policies of the admin pages.</summary>
internal static class AdminPolicies
{
    /// <summary>Anybody who is signed in may look, and sees only what is theirs; <see cref="NeededRight"/> says more.</summary>
    public const string SignedIn = "admin";

    /// <summary>Operators alone.</summary>
    public const string Operator = "admin:operator";

    /// <summary>Those who may do at the site of the route what <see cref="NeededRight"/> says.</summary>
    public const string Site = "admin:site";
}

/// <summary>
/// The cookie of the admin pages. It is encrypted and names a session's row, which is read at every request: it ends with the row, and at
/// once when somebody signs out or is revoked. What is dangerous asks for a proof that is not old (<see cref="RecentSignIn"/>).
/// </summary>
internal static class AdminAuthentication
{
    public const string Scheme = "Admin";
    private const string SignInPath = "/admin/sign-in";

    public static IServiceCollection AddAdminAuthentication(this IServiceCollection services)
    {
        services.AddOptions<AdminOptions>().BindConfiguration(AdminOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AdminOptions>, AdminOptions.Validator>();
        services.AddAuthentication().AddCookie(Scheme);
        services.AddOptions<CookieAuthenticationOptions>(Scheme).Configure<IOptions<GatewayOptions>, IOptions<AdminOidcOptions>>(Session);
        services
            .AddOptions<AntiforgeryOptions>()
            .Configure<IOptions<GatewayOptions>>((antiforgery, gateway) => Strict(antiforgery.Cookie, "gateway-csrf", gateway.Value));
        services
            .AddAuthorizationBuilder()
            .AddPolicy(
                AdminPolicies.SignedIn,
                policy =>
                    policy
                        .AddAuthenticationSchemes(Scheme)
                        .RequireAssertion(context =>
                            context.Resource is HttpContext http
                            && AdminUser.Of(context.User) is { } user
                            && NeededRight.Opens(http, user.Access)
                        )
            )
            .AddPolicy(
                AdminPolicies.Operator,
                policy =>
                    policy
                        .AddAuthenticationSchemes(Scheme)
                        .RequireAssertion(context => AdminUser.Of(context.User) is { Access.IsOperator: true })
            )
            .AddPolicy(
                AdminPolicies.Site,
                policy =>
                    policy
                        .AddAuthenticationSchemes(Scheme)
                        .RequireAssertion(context =>
                            context.Resource is HttpContext http
                            && AdminPageContext.SiteOf(http) is { } site
                            && AdminUser.Of(context.User)?.Access.May(site, NeededRight.AtSite(http)) == true
                        )
            );
        return services;
    }

    /// <summary>Gives the browser the cookie of a session of somebody who has just proved who they are.</summary>
    public static Task SignInAsync(HttpContext http, AdminSession session)
    {
        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return http.SignInAsync(Scheme, AdminUser.Principal(session, now), Until(session, new()));
    }

    /// <summary>The cookie lasts as long as the session, also when the browser is closed.</summary>
    public static AuthenticationProperties Until(AdminSession session, AuthenticationProperties properties)
    {
        properties.IsPersistent = true;
        properties.ExpiresUtc = new DateTimeOffset(session.EndsAt, TimeSpan.Zero);
        return properties;
    }

    /// <summary>
    /// Whether the browser speaks https with us. Only this machine may do without: there is no certificate for localhost.
    /// </summary>
    public static bool IsSecure(GatewayOptions gateway) => new Uri(gateway.PublicBase) is not { Scheme: "http", IsLoopback: true };

    public static CookieSecurePolicy SecurePolicy(GatewayOptions gateway) =>
        IsSecure(gateway) ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

    private static void Session(CookieAuthenticationOptions options, IOptions<GatewayOptions> gateway, IOptions<AdminOidcOptions> oidc)
    {
        Strict(options.Cookie, "gateway-admin", gateway.Value);
        if (oidc.Value.IsConfigured)
        {
            // The way back from the issuer begins at another site: a strict cookie would not be sent on its last step.
            options.Cookie.SameSite = SameSiteMode.Lax;
        }

        options.SlidingExpiration = false;
        options.LoginPath = SignInPath;
        options.Events = new()
        {
            OnValidatePrincipal = ReadSessionAsync,
            OnRedirectToLogin = context =>
            {
                var isLook = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
                context.Response.Redirect(
                    isLook ? $"{SignInPath}?to={Uri.EscapeDataString(context.Request.Path + context.Request.QueryString)}" : SignInPath
                );
                return Task.CompletedTask;
            },

            // What is not theirs does not exist.
            OnRedirectToAccessDenied = context => AdminAnswers.NotFoundAsync(context.HttpContext),
        };
    }

    /// <summary>__Host-: only this host sets it, only over https, for all of its paths and for no neighbour.</summary>
    private static void Strict(CookieBuilder cookie, string name, GatewayOptions gateway)
    {
        cookie.Name = IsSecure(gateway) ? "__Host-" + name : name;
        cookie.Path = "/";
        cookie.HttpOnly = true;
        cookie.IsEssential = true;
        cookie.SameSite = SameSiteMode.Strict;
        cookie.SecurePolicy = SecurePolicy(gateway);
    }

    private static async Task ReadSessionAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        var sessions = http.RequestServices.GetRequiredService<AdminSessions>();
        if (AdminUser.SessionOf(context.Principal!) is { } id && await sessions.FindAsync(id, http.RequestAborted) is { } session)
        {
            context.ReplacePrincipal(AdminUser.Principal(session, AdminUser.ProvedAtOf(context.Principal!)));
            return;
        }

        context.RejectPrincipal();
        await http.SignOutAsync(Scheme);
    }
}
