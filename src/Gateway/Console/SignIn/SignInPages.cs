using Gateway.Console.Connect;
using Gateway.Console.Layout;
using Gateway.Console.SetUp;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary>
/// /admin/sign-in — by a link that works once, by a passkey, or at the issuer. Opening the link asks; only the button signs in, so a
/// scanner uses nothing up.
/// </summary>
internal static class SignInPages
{
    public const string PasskeyPath = "/admin/sign-in/passkey";

    public static void Map(RouteGroupBuilder signIn)
    {
        signIn.MapMethods("", AdminPages.Look, Ask).WithName("AdminSignInPage").WithSummary("Say how to sign in");
        signIn
            .MapMethods("/oidc", AdminPages.Look, GoToIssuer)
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("AdminSignInAtIssuer")
            .WithSummary("Sign in at the OpenID Connect issuer");
        signIn
            .MapPost("/mail", SendLink)
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("AdminSendLink")
            .WithSummary("Send a sign-in link to somebody who is known");
        signIn
            .MapPost("/passkey" + PasskeyForms.Options, AskPasskeyAsync)
            .RequireRateLimiting(RateLimits.SignIn)
            .WithName("AdminPasskeyOptions")
            .WithSummary("Say what a passkey is asked to sign");
        signIn.MapPost("/passkey", UsePasskeyAsync).WithName("AdminPasskeySignIn").WithSummary("Sign in by a passkey");
        signIn.MapMethods("/{token}", AdminPages.Look, LookAsync).WithName("AdminLinkPage").WithSummary("Ask whether to sign in");
        signIn.MapPost("/{token}", UseAsync).WithName("AdminSignIn").WithSummary("Sign in by a link, once");
    }

    private static RazorComponentResult Ask(
        string? to,
        HttpContext http,
        ReturnPath back,
        IOptions<AdminOidcOptions> oidc,
        IOptions<GatewayOptions> gateway
    )
    {
        var page = ReturnPath.Local(to);
        back.Keep(http, page);
        return Show(page, oidc.Value, gateway.Value, why: null);
    }

    private static RazorComponentResult Show(string to, AdminOidcOptions oidc, GatewayOptions gateway, Refusal? why) =>
        new RazorComponentResult<SignInPage>(
            new
            {
                Issuer = oidc.IsConfigured ? $"/admin/sign-in/oidc?to={Uri.EscapeDataString(to)}" : null,
                IsToConnect = to.StartsWith(ConnectPages.Path + "?", StringComparison.Ordinal),
                HasPasskeys = AdminPasskeys.ArePossible(gateway),
                Error = why?.Message,
            }
        )
        {
            StatusCode = AdminPages.StatusOf(why),
        };

    /// <param name="again">Whether whoever is signed in has to prove anew who they are.</param>
    private static IResult GoToIssuer(string? to, string? again, IOptions<AdminOidcOptions> oidc, IOptions<AdminOptions> admin) =>
        oidc.Value.IsConfigured
            ? TypedResults.Challenge(
                AdminOidc.Challenge(ReturnPath.Local(to), again is null ? null : admin.Value.SignInAgainAfter),
                [AdminOidc.Scheme]
            )
            : AdminAnswers.NotFound();

    /// <summary>
    /// The link is made beside the answer, which is the same for everybody: neither words nor time tell who is known, and the connection is
    /// free for the next request.
    /// </summary>
    private static RazorComponentResult SendLink(PageForm form, SentLinks links)
    {
        links.Send(form["email"]);
        return AdminAnswers.LinkSent();
    }

    private static async Task<IResult> AskPasskeyAsync(AdminPasskeys passkeys, IOptions<GatewayOptions> gateway, CancellationToken ct) =>
        AdminPasskeys.ArePossible(gateway.Value)
            ? TypedResults.Text(await passkeys.OptionsToSignInAsync(ct), "application/json")
            : AdminAnswers.NotFound();

    private static async Task<IResult> UsePasskeyAsync(
        PageForm form,
        HttpContext http,
        AdminPasskeys passkeys,
        FailedTries tries,
        ReturnPath back,
        SetUpProgress progress,
        IOptions<AdminOidcOptions> oidc,
        IOptions<GatewayOptions> gateway,
        CancellationToken ct
    )
    {
        var entered = await passkeys.SignInAsync(form[PasskeyForms.Answer], AdminUser.SessionOf(http.User), ct);
        return entered.IsRefused(out var why, out var session)
            ? tries.Count(http, "sign-in") is null
                ? Show("/admin", oidc.Value, gateway.Value, why)
                : AdminAnswers.TooManyTries()
            : await EnterAsync(http, session, back, progress, ct);
    }

    private static async Task<RazorComponentResult> LookAsync(
        string token,
        AdminLinks links,
        IOptions<AdminOptions> admin,
        CancellationToken ct
    ) =>
        await links.LookAsync(token, ct) is { } link
            ? new RazorComponentResult<SignInLinkPage>(
                new
                {
                    link.Name,
                    link.Access.Role,
                    Url = AdminLinks.Path(token),
                    Days = admin.Value.SessionDays,
                }
            )
            : AdminAnswers.UsedLink();

    private static async Task<IResult> UseAsync(
        string token,
        HttpContext http,
        AdminLinks links,
        FailedTries tries,
        ReturnPath back,
        SetUpProgress progress,
        CancellationToken ct
    )
    {
        if (await links.UseAsync(token, AdminUser.SessionOf(http.User), ct) is not { } session)
        {
            return tries.Count(http, "sign-in") is null ? AdminAnswers.UsedLink() : AdminAnswers.TooManyTries();
        }

        return await EnterAsync(http, session, back, progress, ct);
    }

    /// <summary>Leads whoever has just signed in to where they wanted to go.</summary>
    private static async Task<IResult> EnterAsync(
        HttpContext http,
        AdminSession session,
        ReturnPath back,
        SetUpProgress progress,
        CancellationToken ct
    )
    {
        await AdminAuthentication.SignInAsync(http, session);
        return AdminPageContext.Go(
            back.Take(http) ?? (session.Access.IsOperator && await progress.IsFirstStartAsync(ct) ? SetUpPages.Path : "/admin")
        );
    }
}
