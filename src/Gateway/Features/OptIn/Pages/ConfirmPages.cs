using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// /c/{token} — where the link of the confirmation mail leads: one button to confirm, and quietly beside it "this wasn't me".
/// </summary>
internal static class ConfirmPages
{
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
        pages.MapPost("/c/{token}/restore", RestoreAsync).WithName("Restore").WithSummary("Take back that a sign-up was cancelled");
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
        Show<ConfirmPage>(
            form.Fields is null ? await answer.LookAsync(token, ct) : await answer.ConfirmAsync(token, visitor, ct),
            token,
            visit,
            form
        );

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
        Show<CancelPage>(
            form.Fields is null ? await answer.LookAsync(token, ct) : await answer.CancelAsync(token, ct),
            token,
            visit,
            form
        );

    private static async Task<RazorComponentResult> RenewAsync(
        string token,
        PageForm form,
        PageContext visit,
        AnswerOptIn answer,
        CancellationToken ct
    ) =>
        Show<ConfirmPage>(
            form.Fields is null ? await answer.LookAsync(token, ct) : await answer.RenewAsync(token, ct),
            token,
            visit,
            form
        );

    /// <summary>Only by its own button: a program that posts to every link takes nothing back.</summary>
    private static async Task<RazorComponentResult> RestoreAsync(
        string token,
        PageForm form,
        PageContext visit,
        AnswerOptIn answer,
        CancellationToken ct
    ) =>
        Show<CancelPage>(
            (string?)form.Fields?["do"] == "restore" ? await answer.RestoreAsync(token, ct) : await answer.LookAsync(token, ct),
            token,
            visit,
            form
        );

    /// <typeparam name="TOpen">The page that asks, while there is something to answer.</typeparam>
    internal static RazorComponentResult Show<TOpen>(OptInPageModel view, string token, PageContext visit, PageForm? form = null)
        where TOpen : Microsoft.AspNetCore.Components.IComponent
    {
        if (view is not { Site: { } site, List: { } list })
        {
            return visit.Layout().Show<UnknownConfirmPage>(StatusCodes.Status404NotFound);
        }

        var frame = visit.Layout(view.Language, site, list, view.Preferences ?? token).Checked(form);
        return view.Standing switch
        {
            OptInStanding.Open => frame.Show<TOpen>(),
            OptInStanding.JustConfirmed => frame.Show<ConfirmedPage>(),
            OptInStanding.AlreadyConfirmed => frame.Show<AlreadyConfirmedPage>(),
            OptInStanding.Cancelled => new RazorComponentResult<CancelledPage>(new { Layout = frame, view.MayRestore }),
            OptInStanding.Restored => frame.Show<RestoredPage>(),
            OptInStanding.Expired => frame.Show<ExpiredPage>(),
            OptInStanding.Renewed => frame.Show<RenewedPage>(),
            _ => throw new InvalidOperationException($"A page for {view.Standing} is missing."),
        };
    }
}
