using Gateway.Console.SignIn;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;

namespace Gateway.Console.Layout;

/// <summary>/admin/language — in which language somebody reads the console. The browser keeps it, signed in or not.</summary>
internal static class LanguagePages
{
    public const string Path = "/admin/language";
    private const string SignInPath = "/admin/sign-in";
    private const string Name = "gateway-language";
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public static void Map(RouteGroupBuilder admin) =>
        admin.MapPost("/language", Choose).AllowAnonymous().WithName("AdminLanguage").WithSummary("Choose the language of the console");

    /// <summary>Which cookie says it. Like the others it is bound to the host where the browser speaks https.</summary>
    public static string CookieOf(GatewayOptions gateway) => AdminAuthentication.IsSecure(gateway) ? "__Host-" + Name : Name;

    /// <returns>A language in itself, for whoever reads no other.</returns>
    public static string NameOf(string language) =>
        language switch
        {
            "fr" => "Français",
            _ => "English",
        };

    /// <returns>The page somebody looks at; the overview where it answers a form, which cannot be opened by its address.</returns>
    public static string WayBack(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) ? request.Path + request.QueryString : "/admin";

    private static SeeOther Choose(PageForm form, HttpContext http, IOptions<GatewayOptions> options)
    {
        if (form["language"] is { } language && Translations.Spoken.Contains(language))
        {
            http.Response.Cookies.Append(
                CookieOf(options.Value),
                CookieRequestCultureProvider.MakeCookieValue(new(language)),
                new()
                {
                    Path = "/",
                    HttpOnly = true,
                    IsEssential = true,
                    SameSite = SameSiteMode.Lax,
                    Secure = AdminAuthentication.IsSecure(options.Value),
                    MaxAge = Lifetime,
                }
            );
        }

        return AdminPageContext.Go(form["to"] is { } to && IsSignIn(to) ? to : ReturnPath.Local(form["to"]));
    }

    /// <summary>The page to sign in, which <see cref="ReturnPath.Local"/> leads nobody back to.</summary>
    private static bool IsSignIn(string to) =>
        to.All(letter => letter is >= '!' and <= '~') && (to == SignInPath || to.StartsWith(SignInPath + "?", StringComparison.Ordinal));
}
