using Gateway.Console.Connect;
using Gateway.Console.Layout;
using Gateway.Console.SetUp;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Console.SignIn;

/// <summary>
/// /admin/sign-in — by a link that works once, or at the issuer. Opening the link asks; only the button signs in, so a scanner uses nothing
/// up.
/// </summary>
internal static class SignInPages
{
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
        signIn.MapMethods("/{token}", AdminPages.Look, LookAsync).WithName("AdminLinkPage").WithSummary("Ask whether to sign in");
        signIn.MapPost("/{token}", UseAsync).WithName("AdminSignIn").WithSummary("Sign in by a link, once");
    }

    private static RazorComponentResult Ask(string? to, HttpContext http, ReturnPath back, IOptions<AdminOidcOptions> oidc)
    {
        back.Keep(http, Local(to));
        return new RazorComponentResult<SignInPage>(
            new
            {
                Issuer = oidc.Value.IsConfigured ? $"/admin/sign-in/oidc?to={Uri.EscapeDataString(Local(to))}" : null,
                IsToConnect = Local(to).StartsWith(ConnectPages.Path + "?", StringComparison.Ordinal),
            }
        );
    }

    private static IResult GoToIssuer(string? to, IOptions<AdminOidcOptions> oidc) =>
        oidc.Value.IsConfigured
            ? TypedResults.Challenge(new AuthenticationProperties { RedirectUri = Local(to) }, [AdminOidc.Scheme])
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

    private static async Task<RazorComponentResult> LookAsync(string token, AdminLinks links, CancellationToken ct) =>
        await links.LookAsync(token, ct) is { } link
            ? new RazorComponentResult<SignInLinkPage>(
                new
                {
                    link.Name,
                    link.Access.Role,
                    Url = AdminLinks.Path(token),
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

        await http.SignInAsync(AdminAuthentication.Scheme, AdminUser.Principal(session));
        return AdminPageContext.Go(
            back.Take(http) is { } kept ? Local(kept)
            : session.Access.IsOperator && await progress.IsFirstStartAsync(ct) ? SetUpPages.Path
            : "/admin"
        );
    }

    /// <summary>Where to go afterwards: a page of ours, never an address that somebody put into the link.</summary>
    public static string Local(string? to) =>
        to is not null
        && to.All(letter => letter is >= '!' and <= '~')
        && (
            to == "/admin"
            || to.StartsWith("/admin/", StringComparison.Ordinal)
            || to == "/hangfire"
            || to.StartsWith("/hangfire/", StringComparison.Ordinal)
        )
        && !to.StartsWith("/admin/sign-in", StringComparison.Ordinal)
            ? to
            : "/admin";
}
