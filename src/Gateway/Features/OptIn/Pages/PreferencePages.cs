using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>/p/{token} — what a person receives from a site. Here one can only leave; joining takes a form and a confirmation.</summary>
internal static class PreferencePages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages
            .MapMethods("/p/{token}", OptInPages.Look, LookAsync)
            .WithName("PreferencesPage")
            .WithSummary("Show a person's subscriptions");
        pages.MapPost("/p/{token}", SaveAsync).WithName("SavePreferences").WithSummary("Leave some lists, or all");
    }

    private static async Task<RazorComponentResult> LookAsync(
        string token,
        PageContext context,
        UnsubscribeFromLists unsubscribe,
        CancellationToken ct
    ) => Show(await unsubscribe.LookAsync(token, LinkPurpose.Preferences, ct), token, context);

    private static async Task<RazorComponentResult> SaveAsync(
        string token,
        PageForm form,
        PageContext context,
        UnsubscribeFromLists unsubscribe,
        OwnData own,
        CancellationToken ct
    ) =>
        form[PageForm.Button] switch
        {
            "data" => await own.AskAsync(token, ct) && await unsubscribe.LookAsync(token, LinkPurpose.Preferences, ct) is { } asked
                ? context.Layout(asked.Language, asked.Site, asked.List, token).Show<OwnDataSentPage>()
                : Show(null, token, context),
            "save" => Show(
                await unsubscribe.KeepOnlyAsync(token, Lists(form, "shown"), Lists(form, "keep"), ct),
                token,
                context,
                saved: true
            ),
            "all" => Show(await unsubscribe.UnsubscribeFromAllAsync(token, ct), token, context, saved: true),

            // Without one of our buttons the absence of ticks means nothing, least of all "leave everything".
            _ => Show(await unsubscribe.LookAsync(token, LinkPurpose.Preferences, ct), token, context, form),
        };

    private static HashSet<Guid> Lists(PageForm form, string field) =>
        [.. form.All(field).Select(id => PublicId.Parse(PublicId.List, id)).OfType<Guid>()];

    private static RazorComponentResult Show(
        UnsubscribePageModel? model,
        string token,
        PageContext context,
        PageForm? form = null,
        bool saved = false
    )
    {
        if (model is null)
        {
            return context.Layout().Show<UnknownUnsubscribePage>(StatusCodes.Status404NotFound);
        }

        var choices = model
            .Subscriptions.Where(one => one.State is SubscriptionState.Confirmed or SubscriptionState.Pending)
            .Select(one => new PreferenceChoice(
                PublicId.Format(PublicId.List, one.List.Id),
                one.List.Name,
                one.List.Description,
                one.State == SubscriptionState.Pending
            ))
            .ToList();
        var layout = context.Layout(model.Language, model.Site, model.List, token);
        return new RazorComponentResult<PreferencesPage>(
            new
            {
                Layout = form is null ? layout : layout with { Alert = layout.Texts["Form_Unreadable"] },
                Choices = choices,
                Saved = saved,
            }
        )
        {
            StatusCode = form is null ? StatusCodes.Status200OK : PageLayout.StatusOf(form),
        };
    }
}

/// <summary>A box to tick.</summary>
/// <param name="Description">What the site says of it; null where its name says it all.</param>
/// <param name="Waiting">Not confirmed yet.</param>
public sealed record PreferenceChoice(string Id, string Name, string? Description, bool Waiting);
