using System.Text.Json;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.Pages;

/// <summary>
/// /d/{token} — what a site keeps of the person whose mailbox the link was sent to: to see, correct, take along and delete.
/// </summary>
internal static class OwnDataPages
{
    public static void Map(RouteGroupBuilder pages)
    {
        pages
            .MapMethods("/d/{token}", OptInPages.Look, LookAsync)
            .WithName("OwnDataPage")
            .WithSummary("Show a person what is kept of them");
        pages
            .MapMethods("/d/{token}/data.json", OptInPages.Look, DownloadAsync)
            .WithName("OwnDataJson")
            .WithSummary("Let a person take along what is kept of them");
        pages.MapPost("/d/{token}", PressAsync).WithName("ChangeOwnData").WithSummary("Correct or delete what is kept of a person");
    }

    private static async Task<RazorComponentResult> LookAsync(string token, PageContext context, OwnData own, CancellationToken ct) =>
        Show(await own.LookAsync(token, ct), token, context, alert: null, saved: false);

    private static async Task<IResult> DownloadAsync(string token, PageContext context, OwnData own, CancellationToken ct) =>
        await own.LookAsync(token, ct) is { } model
            ? TypedResults.File(
                JsonSerializer.SerializeToUtf8Bytes(
                    new
                    {
                        site = model.Site.Name,
                        model.Contact,
                        model.Consents,
                        model.Purposes,
                        sources = OwnDataView.SourcesOf(model),
                        model.Recipients,
                        model.Kept,
                    },
                    ApiJson.Options
                ),
                "application/json",
                "my-data.json"
            )
            : Unknown(context);

    private static async Task<RazorComponentResult> PressAsync(
        string token,
        PageForm form,
        PageContext context,
        OwnData own,
        CancellationToken ct
    )
    {
        switch (form[PageForm.Button])
        {
            case "save":
                var name = form["name"];
                var language = Languages.Find(form["language"]);
                if (language is null || name is { Length: > OwnData.MaxName } || name?.Any(char.IsControl) == true)
                {
                    return Show(await own.LookAsync(token, ct), token, context, "Own_NameWrong", saved: false);
                }

                await own.ChangeAsync(token, name, language, ct);
                return Show(await own.LookAsync(token, ct), token, context, alert: null, saved: true);
            case "erase" when form["sure"] is not null:
                return await own.EraseAsync(token, ct) is { } gone
                    ? context.Layout(gone.Contact.Language, gone.Site, gone.List, token).Show<OwnDataErasedPage>()
                    : Unknown(context);
            default:
                return Show(await own.LookAsync(token, ct), token, context, "Form_Unreadable", saved: false, form);
        }
    }

    private static RazorComponentResult Show(
        OwnDataModel? model,
        string token,
        PageContext context,
        string? alert,
        bool saved,
        PageForm? form = null
    )
    {
        if (model is null)
        {
            return Unknown(context);
        }

        var layout = context.Layout(model.Contact.Language, model.Site, model.List, token);
        return new RazorComponentResult<OwnDataPage>(
            new
            {
                Layout = alert is null ? layout : layout with { Alert = layout.Texts[alert] },
                Data = OwnDataView.Of(model, layout.Texts),
                Saved = saved,
            }
        )
        {
            StatusCode =
                form is not null ? PageLayout.StatusOf(form)
                : alert is null ? StatusCodes.Status200OK
                : StatusCodes.Status400BadRequest,
        };
    }

    private static RazorComponentResult Unknown(PageContext context) =>
        context.Layout().Show<UnknownUnsubscribePage>(StatusCodes.Status404NotFound);
}

/// <summary>What a site keeps of a person. Public, like the components, because Razor makes them so.</summary>
/// <param name="Since">When they became known, as people read it.</param>
/// <param name="Properties">Whatever else is kept, by name.</param>
/// <param name="Lists">Where they are confirmed.</param>
/// <param name="Consents">When they agreed to what, the newest first.</param>
/// <param name="Submissions">Forms that name them.</param>
/// <param name="Messages">Emails to them.</param>
/// <param name="Sources">Where it comes from.</param>
/// <param name="HasNumber">Whether they told of a phone number; messages to it are not shown, since nobody checked whose it is.</param>
public sealed record OwnDataView(
    string Address,
    string? Name,
    string Language,
    string Since,
    IReadOnlyList<KeyValuePair<string, string>> Properties,
    IReadOnlyList<OwnList> Lists,
    IReadOnlyList<OwnConsent> Consents,
    IReadOnlyList<OwnRecord> Submissions,
    IReadOnlyList<OwnRecord> Messages,
    IReadOnlyList<string> Purposes,
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Recipients,
    bool HasNumber
)
{
    /// <summary>Where people sign up, and where others say that they got it from.</summary>
    internal static IReadOnlyList<string> SourcesOf(OwnDataModel model) =>
        [
            .. (model.Consents?.Entries ?? [])
                .Select(entry => entry.Facts.GetValueOrDefault("formUrl") ?? entry.Facts.GetValueOrDefault("source"))
                .OfType<string>()
                .Distinct(),
        ];

    internal static OwnDataView Of(OwnDataModel model, PageTexts texts) =>
        new(
            model.Contact.Email,
            model.Contact.Name,
            model.Contact.Language,
            texts.Moment(model.Contact.CreatedAt, model.Site.TimeZone),
            [.. model.Contact.Properties.OrderBy(one => one.Key, StringComparer.Ordinal)],
            [.. model.Lists.Select(one => new OwnList(one.Name, one.Description))],
            [
                .. (model.Consents?.Entries ?? [])
                    .Where(entry => entry.Kind is "confirmed" or "proven")
                    .OrderByDescending(entry => entry.OccurredAt)
                    .Select(entry => new OwnConsent(
                        texts.Moment(entry.OccurredAt, model.Site.TimeZone),
                        entry.Facts.GetValueOrDefault("listNameShown") ?? entry.List ?? "",
                        entry.Facts.GetValueOrDefault("consentText")
                    )),
            ],
            Records("submissions", model, texts),
            Records("messages", model, texts),
            model.Purposes,
            SourcesOf(model),
            model.Recipients,
            model.HasNumber
        );

    private static IReadOnlyList<OwnRecord> Records(string kind, OwnDataModel model, PageTexts texts) =>
        [
            .. (model.Kept.GetValueOrDefault(kind) ?? []).Select(one => new OwnRecord(
                texts.Moment(one.At, model.Site.TimeZone),
                one.What,
                [.. one.Values]
            )),
        ];
}

/// <summary>A list that they are on, in their language.</summary>
public sealed record OwnList(string Name, string? Description);

/// <summary>Something that is kept of a person, as people read it.</summary>
public sealed record OwnRecord(string At, string What, IReadOnlyList<KeyValuePair<string, string>> Values);

/// <param name="At">When, as people read it.</param>
/// <param name="Words">What stood beside the box; null where that is not known.</param>
public sealed record OwnConsent(string At, string List, string? Words);
