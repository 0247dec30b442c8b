using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// /u/{token} — leaves one list: by the page's button, or by the mail program itself (RFC 8058), answered at once and without a redirect.
/// </summary>
internal static class UnsubscribePages
{
    /// <summary>What the page's own button sends.</summary>
    public const string Button = "unsubscribe";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapMethods("/u/{token}", OptInPages.Look, LookAsync).WithName("UnsubscribePage").WithSummary("Ask whether to unsubscribe");

        // Mailbox providers unsubscribe for many people from few addresses: the limit for visitors would keep people on the list.
        pages
            .MapPost("/u/{token}", UnsubscribeAsync)
            .LimitAs("unsubscribe", limits => limits.UnsubscribesPerMinute)
            .WithName("Unsubscribe")
            .WithSummary("Unsubscribe from one list");
    }

    private static async Task<RazorComponentResult> LookAsync(
        string token,
        PageContext context,
        UnsubscribeFromLists unsubscribe,
        CancellationToken ct
    ) => Show(await unsubscribe.LookAsync(token, LinkPurpose.Unsubscribe, ct), token, context);

    /// <summary>
    /// Whatever the body is: a mail program sends <c>List-Unsubscribe=One-Click</c> in forms of its own making, and who asks to leave must
    /// not stay because of a media type.
    /// </summary>
    private static async Task<RazorComponentResult> UnsubscribeAsync(
        string token,
        PageForm form,
        PageContext context,
        UnsubscribeFromLists unsubscribe,
        CancellationToken ct
    ) => Show(await unsubscribe.UnsubscribeAsync(token, form[PageForm.Button] == Button ? "page" : "one-click", ct), token, context);

    private static RazorComponentResult Show(UnsubscribePageModel? model, string token, PageContext context)
    {
        if (model is null)
        {
            return context.Layout().Show<UnknownUnsubscribePage>(StatusCodes.Status404NotFound);
        }

        var layout = context.Layout(model.Language, model.Site, model.List, token);
        return
            model.State
                is SubscriptionState.Confirmed
                    or SubscriptionState.Pending
                    or SubscriptionState.Removed
                    or SubscriptionState.Expired
            ? layout.Show<UnsubscribePage>()
            : layout.Show<UnsubscribedPage>();
    }
}
