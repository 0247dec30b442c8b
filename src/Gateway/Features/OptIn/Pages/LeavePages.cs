using Gateway.Features.Contacts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>/u/{token} — leaves one list: by the page's button, or by the mail program itself (RFC 8058), answered at once and without a redirect.</summary>
internal static class LeavePages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapMethods("/u/{token}", OptInPages.Look, LookAsync)
            .WithName("LeavePage").WithSummary("Ask whether to unsubscribe");

        // Mailbox providers unsubscribe for many people from few addresses: a limit for each address would keep people on the list.
        pages.MapPost("/u/{token}", LeaveAsync).DisableRateLimiting()
            .WithName("Leave").WithSummary("Unsubscribe from one list");
    }

    private static async Task<RazorComponentResult> LookAsync(string token, PageVisit visit, LeaveList leave, CancellationToken ct) =>
        Show(await leave.LookAsync(token, LinkPurpose.Unsubscribe, ct), token, visit);

    private static async Task<RazorComponentResult> LeaveAsync(string token, PageForm form, PageVisit visit, LeaveList leave, CancellationToken ct) =>
        form.Fields is not { } fields
            ? Show(await leave.LookAsync(token, LinkPurpose.Unsubscribe, ct), token, visit, form)
            : Show(await leave.LeaveAsync(token, fields["List-Unsubscribe"] == "One-Click" ? "one-click" : "page", ct), token, visit);

    private static RazorComponentResult Show(LeaveView? view, string token, PageVisit visit, PageForm? form = null)
    {
        if (view is null)
        {
            return visit.Frame().Show<UnknownLeavePage>(StatusCodes.Status404NotFound);
        }

        var frame = visit.Frame(view.Language, view.Site, view.List, token).Checked(form);
        return view.State is SubscriptionState.Confirmed or SubscriptionState.Pending or SubscriptionState.Removed ? frame.Show<LeavePage>() : frame.Show<LeftPage>();
    }
}
