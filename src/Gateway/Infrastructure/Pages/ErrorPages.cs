using System.Globalization;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Infrastructure.Pages;

/// <summary>What people see in place of a problem document: what happened and what to do, in their language.</summary>
internal static class ErrorPages
{
    private const string Csp =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static Task ShowAsync(HttpContext http, ProblemDetails problem)
    {
        PageSafety.Set(http.Response.Headers, Csp);

        var isAdmin = http.Request.Path.StartsWithSegments("/admin") || http.Request.Path.StartsWithSegments("/hangfire");
        var texts = new ErrorTexts(isAdmin ? ConsoleLanguage(http) : AcceptedLanguage.Of(http.Request));
        var status = problem.Status ?? StatusCodes.Status500InternalServerError;
        var page = new RazorComponentResult<ErrorPage>(
            new
            {
                texts.Language,
                Title = texts.Title(status),
                Text = texts.Text(status, Seconds(http.Response)),
                Home = isAdmin ? "/admin" : null,
                TraceId = status >= StatusCodes.Status500InternalServerError ? problem.Extensions["traceId"] as string : null,
            }
        )
        {
            StatusCode = status,
        };
        return page.ExecuteAsync(http);
    }

    /// <summary>As the pages around it. What went wrong has left the place where its language was in force.</summary>
    private static string ConsoleLanguage(HttpContext http) =>
        http.Features.Get<IRequestCultureFeature>()?.RequestCulture.UICulture.TwoLetterISOLanguageName is { } language
        && Translations.Spoken.Contains(language)
            ? language
            : Translations.Spoken[0];

    /// <summary>As <see cref="RateLimits"/> says them.</summary>
    private static int Seconds(HttpResponse response) =>
        int.TryParse(response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 60;
}
