using System.Globalization;
using System.Security.Claims;
using Gateway.Console.Layout;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SignIn;

/// <summary>
/// Signing in at an OpenID Connect issuer: authorization code with PKCE, and a claim of the ID token that says what is opened.
/// </summary>
internal static class AdminOidc
{
    public const string Scheme = "AdminOidc";
    public const string CallbackPath = "/admin/sign-in/oidc/callback";

    /// <summary>Stands in a challenge of somebody who has to prove anew who they are.</summary>
    private const string Again = "again";

    /// <param name="to">Where to go afterwards.</param>
    /// <param name="within">How long ago they may have proved at the issuer who they are; null where that is its own matter.</param>
    public static AuthenticationProperties Challenge(string to, TimeSpan? within) =>
        within is { } most
            ? new OpenIdConnectChallengeProperties
            {
                RedirectUri = to,
                Prompt = OpenIdConnectPrompt.Login,
                MaxAge = most,
                Items = { [Again] = "" },
            }
            : new() { RedirectUri = to };

    public static IServiceCollection AddAdminOidc(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AdminOidcOptions>().BindConfiguration(AdminOidcOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AdminOidcOptions>, AdminOidcOptions.Validator>();
        if (configuration.GetSection(AdminOidcOptions.Section).Get<AdminOidcOptions>() is { IsConfigured: true })
        {
            services.AddAuthentication().AddOpenIdConnect(Scheme, _ => { });
            services.AddOptions<OpenIdConnectOptions>(Scheme).Configure<IOptions<AdminOidcOptions>, IOptions<GatewayOptions>>(SetUp);
        }

        return services;
    }

    private static void SetUp(OpenIdConnectOptions options, IOptions<AdminOidcOptions> oidc, IOptions<GatewayOptions> gateway)
    {
        options.Authority = oidc.Value.Authority;
        options.RequireHttpsMetadata = options.Authority?.StartsWith("https:", StringComparison.OrdinalIgnoreCase) == true;
        options.ClientId = oidc.Value.ClientId;
        options.ClientSecret = oidc.Value.ClientSecret;
        options.SignInScheme = AdminAuthentication.Scheme;
        options.CallbackPath = CallbackPath;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.UsePkce = true;
        options.MapInboundClaims = false;
        options.DisableTelemetry = true;
        options.Scope.Clear();
        foreach (var scope in oidc.Value.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            options.Scope.Add(scope);
        }

        // The answer comes in the query, so that its cookies need not be sent with another site's form.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = AdminAuthentication.SecurePolicy(gateway.Value);
        }

        options.Events = new()
        {
            OnRedirectToIdentityProvider = context =>
            {
                context.ProtocolMessage.RedirectUri = gateway.Value.PublicBase + CallbackPath;
                return Task.CompletedTask;
            },
            OnTokenValidated = context => BeginAsync(context, oidc.Value),
            OnRemoteFailure = context =>
            {
                context.HandleResponse();
                return AdminAnswers.NotSignedInAsync(
                    context.HttpContext,
                    T("The issuer did not confirm the sign-in, or it took too long.")
                );
            },
        };
    }

    private static async Task BeginAsync(TokenValidatedContext context, AdminOidcOptions oidc)
    {
        var http = context.HttpContext;
        var person = context.Principal!;
        if (oidc.AccessOf(GroupsOf(person, oidc.GroupsClaim)) is not { } access)
        {
            context.HandleResponse();
            await AdminAnswers.NotSignedInAsync(http, T("The issuer knows you, but none of your groups may sign in here."));
            return;
        }

        var proved = ProvedAt(person);
        if (context.Properties!.Items.ContainsKey(Again) && !http.RequestServices.GetRequiredService<SignInAgain>().IsRecent(proved))
        {
            context.HandleResponse();
            await AdminAnswers.NotSignedInAsync(
                http,
                T(
                    "The issuer did not say that you proved just now who you are (auth_time). Nothing was changed, and you are signed in "
                        + "as before. Ask your administrator."
                )
            );
            return;
        }

        var before = AdminUser.SessionOf((await http.AuthenticateAsync(AdminAuthentication.Scheme)).Principal ?? new ClaimsPrincipal());
        var sessions = http.RequestServices.GetRequiredService<AdminSessions>();
        var session = await http
            .RequestServices.GetRequiredService<GatewayDb>()
            .WriteAsync(
                () =>
                    sessions.BeginAsync(
                        new(NameOf(person), access, Subject: SubjectOf(context)),
                        AdminSessions.AtIssuer,
                        before,
                        http.RequestAborted
                    ),
                http.RequestAborted
            );
        context.Principal = AdminUser.Principal(session, proved);
        AdminAuthentication.Until(session, context.Properties);
    }

    /// <summary>Who comes back may have proved it to the issuer days ago. Only what it says itself counts: a browser can be told to leave
    /// out that it should ask.</summary>
    private static DateTimeOffset? ProvedAt(ClaimsPrincipal person) =>
        long.TryParse(person.FindFirstValue("auth_time"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    /// <summary>An address that the issuer did not check is only what somebody typed.</summary>
    private static string[] GroupsOf(ClaimsPrincipal person, string claim) =>
        claim == "email" && person.FindFirstValue("email_verified") != "true"
            ? []
            : [.. person.FindAll(claim).Select(group => group.Value)];

    /// <summary>OpenID Connect Core, section 5.7: these two together are all by which a person can be told for good.</summary>
    private static string SubjectOf(TokenValidatedContext context) => $"{context.SecurityToken.Issuer} {context.SecurityToken.Subject}";

    /// <summary>How pages call them. It may change, and somebody else may have it later: it opens nothing.</summary>
    private static string NameOf(ClaimsPrincipal person)
    {
        var name =
            person.FindFirstValue("preferred_username")
            ?? person.FindFirstValue("email")
            ?? person.FindFirstValue("name")
            ?? person.FindFirstValue("sub")
            ?? "somebody";
        return Shortening.To(name, AdminLinks.MaxName);
    }
}
