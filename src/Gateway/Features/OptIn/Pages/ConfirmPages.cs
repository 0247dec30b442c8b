using Gateway.Infrastructure.Http;
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
    public const string RestoreButton = "restore";

    /// <summary>A ticked list; and whether the page had boxes.</summary>
    public const string ListField = "list";
    public const string BoxesField = "boxes";

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
        PageContext context,
        OptInStandings standings,
        CancellationToken ct
    ) => Show<ConfirmPage>(await standings.LookAsync(token, ct), token, context);

    private static async Task<RazorComponentResult> ConfirmAsync(
        string token,
        PageForm form,
        PageContext context,
        Visitor visitor,
        AnswerOptIn answer,
        OptInStandings standings,
        CancellationToken ct
    ) =>
        Pressed(form, ConfirmButton)
            ? Show<ConfirmPage>(await answer.ConfirmAsync(token, ChosenIn(form), visitor, ct), token, context)
            : Show<ConfirmPage>(await standings.LookAsync(token, ct), token, context, form);

    private static async Task<RazorComponentResult> LookAtCancelAsync(
        string token,
        PageContext context,
        OptInStandings standings,
        CancellationToken ct
    ) => Show<CancelPage>(await standings.LookAsync(token, ct), token, context);

    private static async Task<RazorComponentResult> CancelAsync(
        string token,
        PageForm form,
        PageContext context,
        AnswerOptIn answer,
        OptInStandings standings,
        CancellationToken ct
    ) =>
        Pressed(form, CancelButton)
            ? Show<CancelPage>(await answer.CancelAsync(token, ct), token, context)
            : Show<CancelPage>(await standings.LookAsync(token, ct), token, context, form);

    private static async Task<RazorComponentResult> RenewAsync(
        string token,
        PageForm form,
        PageContext context,
        AnswerOptIn answer,
        OptInStandings standings,
        CancellationToken ct
    ) =>
        Pressed(form, RenewButton)
            ? Show<ConfirmPage>(await answer.RenewAsync(token, ct), token, context)
            : Show<ConfirmPage>(await standings.LookAsync(token, ct), token, context, form);

    /// <summary>Boxes that are not ticked are not sent; that there were boxes is.</summary>
    private static HashSet<Guid>? ChosenIn(PageForm form) =>
        form[BoxesField] is null ? null : [.. form.All(ListField).Select(id => PublicId.Parse(PublicId.List, id)).OfType<Guid>()];

    private static bool Pressed(PageForm form, string button) => form[PageForm.Button] == button;

    /// <summary>Only by its own button: a program that posts to every link takes nothing back.</summary>
    private static async Task<RazorComponentResult> RestoreAsync(
        string token,
        PageForm form,
        PageContext context,
        AnswerOptIn answer,
        OptInStandings standings,
        CancellationToken ct
    ) =>
        Pressed(form, RestoreButton)
            ? Show<CancelPage>(await answer.RestoreAsync(token, ct), token, context)
            : Show<CancelPage>(await standings.LookAsync(token, ct), token, context, form);

    /// <typeparam name="TOpen">The page that asks, while there is something to answer.</typeparam>
    /// <param name="form">What was sent, where it answers nothing.</param>
    internal static RazorComponentResult Show<TOpen>(OptInPageModel model, string token, PageContext context, PageForm? form = null)
        where TOpen : Microsoft.AspNetCore.Components.IComponent
    {
        if (model is not { Site: { } site, Lists: [_, ..] lists })
        {
            return context.Layout().Show<UnknownConfirmPage>(StatusCodes.Status404NotFound);
        }

        var layout = context.Layout(model.Language, site, lists, model.Preferences ?? token, model.PurposeWords);
        layout = layout with
        {
            NextAt = model.NextAt is { } next ? layout.Texts.Moment(next, site.TimeZone) : null,
            HeldUntil = model.HeldUntil is { } until ? layout.Texts.Moment(until, site.TimeZone) : null,
        };
        return model.Standing switch
        {
            OptInStanding.Open => layout.Ask<TOpen>(form),
            OptInStanding.NoneChosen => (layout with { Alert = layout.Texts["Confirm_NoneChosen"] }).Show<TOpen>(
                StatusCodes.Status400BadRequest
            ),
            OptInStanding.JustConfirmed => layout.Show<ConfirmedPage>(),
            OptInStanding.AlreadyConfirmed => layout.Show<AlreadyConfirmedPage>(),
            OptInStanding.Unsubscribed or OptInStanding.NotSubscribed => new RazorComponentResult<NotSubscribedPage>(
                new { Layout = layout, HasUnsubscribed = model.Standing == OptInStanding.Unsubscribed }
            ),
            OptInStanding.Cancelled => new RazorComponentResult<CancelledPage>(new { Layout = layout, model.MayRestore }),
            OptInStanding.Restored => layout.Show<RestoredPage>(),
            OptInStanding.Expired => layout.Ask<ExpiredPage>(form),
            OptInStanding.Renewed => layout.Show<RenewedPage>(),
            OptInStanding.TooSoon => layout.Show<TooSoonPage>(),
            _ => throw new InvalidOperationException($"A page for {model.Standing} is missing."),
        };
    }
}
