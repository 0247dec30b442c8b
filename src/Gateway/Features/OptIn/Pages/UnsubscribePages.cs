using Gateway.Features.Contacts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// /u/{token} — leaves one list: by the page's button, or by the mail program itself (RFC 8058), answered at once and without a redirect.
/// </summary>
internal static class UnsubscribePages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapMethods("/u/{token}", OptInPages.Look, LookAsync).WithName("UnsubscribePage").WithSummary("Ask whether to unsubscribe");

        // Mailbox providers unsubscribe for many people from few addresses: a limit for each address would keep people on the list.
        pages.MapPost("/u/{token}", UnsubscribeAsync).DisableRateLimiting().WithName("Leave").WithSummary("Unsubscribe from one list");
    }

    private static async Task<RazorComponentResult> LookAsync(
        string token,
        PageContext visit,
        UnsubscribeFromLists leave,
        CancellationToken ct
    ) => Show(await leave.LookAsync(token, LinkPurpose.Unsubscribe, ct), token, visit);

    private static async Task<RazorComponentResult> UnsubscribeAsync(
        string token,
        PageForm form,
        PageContext visit,
        UnsubscribeFromLists leave,
        CancellationToken ct
    ) =>
        form.Fields is not { } fields
            ? Show(await leave.LookAsync(token, LinkPurpose.Unsubscribe, ct), token, visit, form)
            : Show(
                await leave.UnsubscribeAsync(token, fields["List-Unsubscribe"] == "One-Click" ? "one-click" : "page", ct),
                token,
                visit
            );

    private static RazorComponentResult Show(UnsubscribePageModel? view, string token, PageContext visit, PageForm? form = null)
    {
        if (view is null)
        {
            return visit.Layout().Show<UnknownUnsubscribePage>(StatusCodes.Status404NotFound);
        }

        var frame = visit.Layout(view.Language, view.Site, view.List, token).Checked(form);
        return view.State is SubscriptionState.Confirmed or SubscriptionState.Pending or SubscriptionState.Removed
            ? frame.Show<UnsubscribePage>()
            : frame.Show<UnsubscribedPage>();
    }
}
