using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>/stay/{token} — where the mail leads that asks whether somebody stays on a list: one button, and they stay.</summary>
internal static class StayPages
{
    /// <summary>What the page's own button sends.</summary>
    public const string Button = "stay";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapMethods("/stay/{token}", OptInPages.Look, LookAsync).WithName("StayPage").WithSummary("Ask whether to stay on a list");
        pages.MapPost("/stay/{token}", StayAsync).WithName("Stay").WithSummary("Stay on a list");
    }

    private static async Task<RazorComponentResult> LookAsync(
        string token,
        PageContext context,
        AnswerRepermission answer,
        CancellationToken ct
    ) => Show(await answer.LookAsync(token, ct), token, context);

    private static async Task<RazorComponentResult> StayAsync(
        string token,
        PageForm form,
        PageContext context,
        Visitor visitor,
        AnswerRepermission answer,
        CancellationToken ct
    ) =>
        form[PageForm.Button] == Button
            ? Show(await answer.StayAsync(token, visitor, ct), token, context)
            : Show(await answer.LookAsync(token, ct), token, context, form);

    /// <param name="form">What was sent, where it answers nothing.</param>
    private static RazorComponentResult Show(StayPageModel? model, string token, PageContext context, PageForm? form = null)
    {
        if (model is null)
        {
            return context.Layout().Show<UnknownUnsubscribePage>(StatusCodes.Status404NotFound);
        }

        var layout = context.Layout(model.Language, model.Site, model.List, token);
        return model.Standing switch
        {
            StayStanding.Open => new RazorComponentResult<StayPage>(
                new { Layout = form is null ? layout : layout with { Alert = layout.Texts["Form_Unreadable"] }, model.Words }
            )
            {
                StatusCode = form is null ? StatusCodes.Status200OK : PageLayout.StatusOf(form),
            },
            StayStanding.Stays => layout.Show<StayedPage>(),
            StayStanding.TooLate => layout.Show<StayTooLatePage>(),
            _ => new RazorComponentResult<NotSubscribedPage>(new { Layout = layout, HasUnsubscribed = model.HasLeft }),
        };
    }
}
