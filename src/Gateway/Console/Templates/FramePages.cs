using System.Net.Mime;
using System.Text;
using Gateway.Console.Layout;
using Gateway.Infrastructure.Http;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>/admin/sites/{site}/templates/frames/{id} — a mail or a page as people get it, for the frame of a preview.</summary>
internal static class FramePages
{
    /// <summary>
    /// Nothing runs in it, wherever it is opened: pictures and styles of the mail, and of a page that people get. Its links open beside it.
    /// </summary>
    private const string Csp =
        "default-src 'none'; img-src https: data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

    private static string Gone =>
        $"<!doctype html><html lang={Language}><meta charset=utf-8><title>{T("Gone")}</title><h1>{T("Gone")}</h1>"
        + $"<p>{T("This preview is gone. Update it.")}</html>";

    public static void Map(RouteGroupBuilder templates) =>
        templates
            .MapMethods("/frames/{id}", AdminPages.Look, Look)
            .WithName("AdminPreviewFrame")
            .WithSummary("The HTML of a preview, shut in");

    public static string UrlOf(AdminPageContext context, string id) => $"{TemplateUrls.All(context)}/frames/{id}";

    private static IResult Look(string id, AdminPageContext context, PreviewFrames frames, HttpContext http)
    {
        PageSafety.Set(http.Response.Headers, Csp);
        return frames.Find(context.User.Session, id) is { } html
            ? TypedResults.Bytes(html, "text/html; charset=utf-8")
            : TypedResults.Text(Gone, MediaTypeNames.Text.Html, Encoding.UTF8, StatusCodes.Status404NotFound);
    }
}
