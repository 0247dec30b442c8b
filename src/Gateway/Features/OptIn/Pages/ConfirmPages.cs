using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// /c/{token} — where the link of the confirmation mail leads: one button to confirm, and quietly beside it "this wasn't me".
/// </summary>
internal static class ConfirmPages
{
    // The pages' buttons send these. A program that posts to every link of a mail does not know them, and so confirms nothing.
    public const string ConfirmButton = "confirm";
    public const string CancelButton = "cancel";
    public const string RenewButton = "renew";

    public static void Map(RouteGroupBuilder pages)
    {
        pages
            .MapMethods("/c/{token}", OptInPages.Look, LookAsync)
            .WithName("ConfirmPage")
            .WithSummary("Ask whether to confirm a subscription");
        pages.MapPost("/c/{token}", ConfirmAsync).WithName("Confirm").WithSummary("Confirm a subscription");
        pages
            .MapMethods("/c/{token}/cancel", OptInPages.Look, LookAtCancelAsync)
            .WithName("CancelPage")
            .WithSummary("Ask whether to cancel a sign-up");
        pages.MapPost("/c/{token}/cancel", CancelAsync).WithName("Cancel").WithSummary("Cancel a sign-up: \"this wasn't me\"");
        pages.MapPost("/c/{token}/renew", RenewAsync).WithName("Renew").WithSummary("Ask for a new confirmation mail");
    }

    private static async Task<RazorComponentResult> LookAsync(
        string token,
        PageContext visit,
        AnswerOptIn answer,
        CancellationToken ct
    ) => Show<ConfirmPage>(await answer.LookAsync(token, ct), token, visit);

    private static async Task<RazorComponentResult> ConfirmAsync(
        string token,
        PageForm form,
        PageContext visit,
        Visitor visitor,
        AnswerOptIn answer,
        CancellationToken ct
    ) =>
        Pressed(form, ConfirmButton)
            ? Show<ConfirmPage>(await answer.ConfirmAsync(token, visitor, ct), token, visit)
            : Show<ConfirmPage>(await answer.LookAsync(token, ct), token, visit, form);

    private static async Task<RazorComponentResult> LookAtCancelAsync(
        string token,
        PageContext visit,
        AnswerOptIn answer,
        CancellationToken ct
    ) => Show<CancelPage>(await answer.LookAsync(token, ct), token, visit);

    private static async Task<RazorComponentResult> CancelAsync(
        string token,
        PageForm form,
        PageContext visit,
        AnswerOptIn answer,
        CancellationToken ct
    ) =>
        Pressed(form, CancelButton)
            ? Show<CancelPage>(await answer.CancelAsync(token, ct), token, visit)
            : Show<CancelPage>(await answer.LookAsync(token, ct), token, visit, form);

    private static async Task<RazorComponentResult> RenewAsync(
        string token,
        PageForm form,
        PageContext visit,
        AnswerOptIn answer,
        CancellationToken ct
    ) =>
        Pressed(form, RenewButton)
            ? Show<ConfirmPage>(await answer.RenewAsync(token, ct), token, visit)
            : Show<ConfirmPage>(await answer.LookAsync(token, ct), token, visit, form);

    private static bool Pressed(PageForm form, string button) => form[PageForm.Button] == button;

    /// <typeparam name="TOpen">The page that asks, while there is something to answer.</typeparam>
    /// <param name="form">What was sent, where it answers nothing.</param>
    internal static RazorComponentResult Show<TOpen>(OptInPageModel view, string token, PageContext visit, PageForm? form = null)
        where TOpen : Microsoft.AspNetCore.Components.IComponent
    {
        if (view is not { Site: { } site, List: { } list })
        {
            return visit.Layout().Show<UnknownConfirmPage>(StatusCodes.Status404NotFound);
        }

        var layout = visit.Layout(view.Language, site, list, view.Preferences ?? token);
        layout = layout with
        {
            NextAt = view.NextAt is { } next ? layout.Texts.Moment(next, site.TimeZone) : null,
            HeldUntil = view.HeldUntil is { } until ? layout.Texts.Moment(until, site.TimeZone) : null,
        };
        return view.Standing switch
        {
            OptInStanding.Open => layout.Ask<TOpen>(form),
            OptInStanding.JustConfirmed => layout.Show<ConfirmedPage>(),
            OptInStanding.AlreadyConfirmed => layout.Show<AlreadyConfirmedPage>(),
            OptInStanding.Cancelled => layout.Show<CancelledPage>(),
            OptInStanding.Expired => layout.Ask<ExpiredPage>(form),
            OptInStanding.Renewed => layout.Show<RenewedPage>(),
            _ => throw new InvalidOperationException($"A page for {view.Standing} is missing."),
        };
    }
}
