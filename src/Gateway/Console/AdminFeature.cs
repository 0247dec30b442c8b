using System.Globalization;
using Gateway.Console.Connections;
using Gateway.Console.Contacts;
using Gateway.Console.Failed;
using Gateway.Console.Hooks;
using Gateway.Console.Layout;
using Gateway.Console.Lists;
using Gateway.Console.Live;
using Gateway.Console.Messages;
using Gateway.Console.Overview;
using Gateway.Console.People;
using Gateway.Console.Settings;
using Gateway.Console.SetUp;
using Gateway.Console.SignIn;
using Gateway.Console.Sms;
using Gateway.Console.Submissions;
using Gateway.Console.Suppressed;
using Gateway.Console.Templates;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.Options;

namespace Gateway.Console;

/// <summary>The pages of those who run the gateway or manage a site, and who may sign in to them.</summary>
internal static class AdminFeature
{
    public static IServiceCollection AddAdmin(this IServiceCollection services, IConfiguration configuration) =>
        AddressCheck
            .AddTo(services)
            .AddScoped<SetUpProgress>()
            .AddScoped<SetUpChecks>()
            .AddScoped<TestMail>()
            .AddScoped<ShowMailStep>()
            .AddAdminAuthentication()
            .AddSingleton<IAuthenticationSchemeSelector, AdminSchemeSelector>()
            .AddAdminOidc(configuration)
            .AddScoped<AdminLinks>()
            .AddSingleton<ReturnPath>()
            .AddSingleton<SentLinks>()
            .AddScoped<AdminSessions>()
            .AddScoped<AdminPeople>()
            .AddScoped<AdminPasskeys>()
            .AddScoped<SignInAgain>()
            .AddScoped<ShowPeople>()
            .AddScoped<ShowSessions>()
            .AddScoped<ShowList>()
            .AddScoped<KeptAt>()
            .AddScoped<SettingsPreview>()
            .AddScoped<ShowHook>()
            .AddScoped<ShowCause>()
            .AddScoped<SuppressionPages.ShowSuppressed>()
            .AddScoped<Disclosures>()
            .AddScoped<FormVersions>()
            .AddScoped<SiteFigures>()
            .AddSingleton<DayFigures>()
            .AddSingleton<ToDoReader>()
            .AddSingleton<LiveWatch>()
            .AddScoped<Waits>()
            .AddScoped<SiteLists>()
            .AddScoped<ShowConnection>()
            .AddScoped<ReadSubmissionStory>()
            .AddScoped<ReadMessageStory>()
            .AddScoped<ShowMessages>()
            .AddScoped<ShowSms>()
            .AddScoped<ContactsPages.ShowContact>()
            .AddTemplatePages();

    /// <summary>Behind a proxy that ends https the request looks like http; what the browser sees is the public address.</summary>
    public static void UseAdminScheme(this WebApplication app)
    {
        if (AdminAuthentication.IsSecure(app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value))
        {
            app.Use(
                (http, next) =>
                {
                    http.Request.Scheme = IsAdmin(http) ? Uri.UriSchemeHttps : http.Request.Scheme;
                    return next(http);
                }
            );
        }
    }

    /// <summary>
    /// The console speaks the language that somebody chose there, else the one their browser prefers. Nothing else follows it. While one
    /// develops, <see cref="Translations.Pseudo"/> shows what is not translated.
    /// </summary>
    public static void UseAdminLanguage(this WebApplication app)
    {
        var gateway = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        IEnumerable<string> pseudo = app.Environment.IsDevelopment() ? [Translations.Pseudo] : [];
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new(CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo(Translations.Spoken[0])),
            SupportedCultures = [CultureInfo.InvariantCulture],
            SupportedUICultures = [.. Translations.Spoken.Concat(pseudo).Select(CultureInfo.GetCultureInfo)],
            RequestCultureProviders =
            [
                new CookieRequestCultureProvider { CookieName = LanguagePages.CookieOf(gateway) },
                new AcceptLanguageHeaderRequestCultureProvider(),
            ],
        };
        app.UseWhen(IsConsole, console => console.UseRequestLocalization(options));
    }

    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        AdminPages.Map(app);
        TemplatePages.Map(app.MapAdminSite());
        app.MapJobsDashboard();
    }

    private static bool IsConsole(HttpContext http) => http.Request.Path.StartsWithSegments("/admin") || http.Request.Path == "/";

    /// <summary>Whether a request is for something that the cookie of the admin pages opens.</summary>
    public static bool IsAdmin(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/admin") || http.Request.Path.StartsWithSegments("/hangfire");
}
