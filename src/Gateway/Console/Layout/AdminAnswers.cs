using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>Pages that say why nothing happened. They show nothing of anybody's, so they need no session.</summary>
internal static class AdminAnswers
{
    public static RazorComponentResult NotFound() =>
        Say(
            StatusCodes.Status404NotFound,
            T("There is no such page"),
            T("It does not exist, or it belongs to a site that you do not manage.")
        );

    public static RazorComponentResult Stale() =>
        Say(
            StatusCodes.Status400BadRequest,
            T("This page was too old"),
            T(
                "Nothing was changed. The form came from before you signed in or out, or could not be read. Go back, load the page again, "
                    + "and send it once more."
            )
        );

    public static RazorComponentResult UsedLink() =>
        Say(
            StatusCodes.Status404NotFound,
            T("This link no longer works"),
            T("A link signs in once, within 15 minutes. Ask your administrator for another one.")
        );

    public static RazorComponentResult LinkSent() =>
        Say(
            StatusCodes.Status200OK,
            T("Look into your mailbox"),
            T("If somebody with this address may sign in, an email with a link is on its way. It works once, within 15 minutes.")
        );

    public static RazorComponentResult TooManyTries() =>
        Say(
            StatusCodes.Status429TooManyRequests,
            T("Too many links that do not work"),
            T("Wait a minute, then open the newest link that your administrator gave you.")
        );

    /// <param name="reason">A sentence that says what to do.</param>
    public static RazorComponentResult CannotConnect(string reason) =>
        Say(StatusCodes.Status400BadRequest, T("This WordPress cannot be connected"), reason);

    public static RazorComponentResult UsedCheck() =>
        Say(
            StatusCodes.Status404NotFound,
            T("This link no longer works"),
            T("A test email works once, within a day. Send another one from the set-up.")
        );

    /// <summary>The same answers where no endpoint is at work.</summary>
    public static Task NotFoundAsync(HttpContext http) => ExecuteAsync(http, NotFound());

    public static Task NotSignedInAsync(HttpContext http, string reason) =>
        ExecuteAsync(http, Say(StatusCodes.Status403Forbidden, T("You are not signed in"), reason));

    private static RazorComponentResult<AdminAnswerPage> Say(int status, string title, string text) =>
        new(new { Title = title, Text = text }) { StatusCode = status };

    private static Task ExecuteAsync(HttpContext http, RazorComponentResult page)
    {
        CsrfProtection.Protect(http);
        return page.ExecuteAsync(http);
    }
}
