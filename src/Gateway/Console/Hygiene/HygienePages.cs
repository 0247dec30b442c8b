using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Hygiene;

/// <summary>
/// /admin/hygiene and a site's own — who on the lists is worth a look; asking the silent whether they stay, and taking off who did not
/// answer, each after a page that says how many.
/// </summary>
internal static class HygienePages
{
    private const int PageSize = 100;

    /// <summary>Each site's people are counted, so that a page of all sites would take as long as there are people.</summary>
    private const int SitesAtOnce = 25;

    /// <summary>What the buttons of the two decisions send.</summary>
    private const string Ask = "ask";
    private const string Remove = "remove";

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapMethods("/hygiene", AdminPages.Look, ListAsync)
            .WithName("AdminHygienePage")
            .WithSummary("Show how the lists of all sites stand")
            .Needs(SiteRights.See);

    public static void MapSite(RouteGroupBuilder site)
    {
        site.MapMethods("/hygiene", AdminPages.Look, LookAsync)
            .WithName("AdminSiteHygienePage")
            .WithSummary("Show who on a site's lists is worth a look");
        site.MapMethods("/hygiene.csv", AdminPages.Look, DownloadAsync)
            .WithName("AdminHygieneCsv")
            .WithSummary("Download who on a site's lists is worth a look")
            .Needs(SiteRights.Manage)
            .NeedsRecentSignIn("hygiene");
        site.MapMethods("/hygiene/{list}/ask", AdminPages.Look, LookAtAskAsync)
            .WithName("AdminHygieneAskPage")
            .WithSummary("Say how many would be asked whether they stay")
            .Needs(SiteRights.Manage);
        site.MapPost("/hygiene/{list}/ask", AskAsync)
            .WithName("AdminHygieneAsk")
            .WithSummary("Ask the silent people of a list whether they stay");
        site.MapMethods("/hygiene/{list}/remove", AdminPages.Look, LookAtRemoveAsync)
            .WithName("AdminHygieneRemovePage")
            .WithSummary("Say how many would be taken off a list")
            .Needs(SiteRights.Manage);
        site.MapPost("/hygiene/{list}/remove", RemoveAsync)
            .WithName("AdminHygieneRemove")
            .WithSummary("Take off a list who did not answer");
    }

    /// <param name="after">The last site of the page before; null for the first page.</param>
    private static async Task<IResult> ListAsync(string? after, AdminPageContext context, HygieneFigures figures, CancellationToken ct)
    {
        var all = context.Seen.ToList();
        var before = after is null ? -1 : all.FindIndex(site => PublicId.Format(PublicId.Site, site.Id) == after);
        if (after is not null && before < 0)
        {
            return AdminAnswers.NotFound();
        }

        var sites = all.Skip(before + 1).Take(SitesAtOnce).ToList();
        var rows = new List<HygieneSiteRow>();
        foreach (var site in sites)
        {
            rows.Add(new(AdminSiteLink.Of(site), HygieneModel.CountsOf(await figures.CountAllAsync(site.Id, ct))));
        }

        return context.Show<HygieneSitesPage>(
            (nameof(HygieneSitesPage.Rows), rows),
            (nameof(HygieneSitesPage.IsLater), after is not null),
            (nameof(HygieneSitesPage.Next), before + 1 + sites.Count < all.Count ? PublicId.Format(PublicId.Site, sites[^1].Id) : null)
        );
    }

    private static async Task<RazorComponentResult> LookAsync(
        string? months,
        string? list,
        string? reason,
        string? after,
        AdminPageContext context,
        HygieneFigures figures,
        HygieneReport report,
        ListStore lists,
        AddressFlaws flaws,
        CancellationToken ct
    )
    {
        var asked = await figures.QuestionAsync(context.SiteId, list, months, ct);
        if (asked.IsRefused(out var why, out var question))
        {
            // Said above the form, which shows what is usual again.
            question = new(context.SiteId, null, HygieneQuestion.DefaultMonths, DateOnly.MinValue);
            (list, reason) = (null, null);
        }

        var ofSite = await lists.OfSiteAsync(context.SiteId, ct);
        var wanted = ReadHygienePeople.ReasonOf(reason);
        var people = wanted is { } one ? await report.PageAsync(question, one, HygienePlace.Parse(after), PageSize + 1, ct) : [];
        var page = context.Show<HygienePage>(
            (nameof(HygienePage.Counts), HygieneModel.CountsOf(await figures.CountAsync(question, ct))),
            (
                nameof(HygienePage.Lists),
                ofSite.ConvertAll(one => new HygieneListChoice(PublicId.Format(PublicId.List, one.Id), one.Name))
            ),
            (nameof(HygienePage.ListId), list),
            (nameof(HygienePage.Reason), wanted is null ? null : reason),
            (
                nameof(HygienePage.People),
                people
                    .Take(PageSize)
                    .Select(row => new HygienePersonRow(
                        row.Address,
                        ofSite.Find(one => one.Id == row.ListId)?.Name ?? "",
                        row.LastSignOn,
                        row.Days,
                        row.Reason == HygieneReason.Typo ? flaws.Suggestion(row.Address) : null
                    ))
                    .ToList()
            ),
            (nameof(HygienePage.Next), people.Count > PageSize ? HygienePlace.After(people[PageSize - 1]).ToString() : null),
            (nameof(HygienePage.Error), why?.Message)
        );
        page.StatusCode = why is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }

    private static async Task<IResult> DownloadAsync(
        string? months,
        string? list,
        string? reason,
        AdminPageContext context,
        HygieneFigures figures,
        HygieneCsv csv,
        CancellationToken ct
    )
    {
        var asked = await figures.QuestionAsync(context.SiteId, list, months, ct);
        return asked.IsRefused(out _, out var question)
            ? AdminAnswers.NotFound()
            : TypedResults.Stream(
                output => csv.WriteAsync([question], ReadHygienePeople.ReasonOf(reason) is { } one ? [one] : null, output, ct),
                HygieneCsv.MediaType,
                HygieneCsv.FileName
            );
    }

    private static async Task<IResult> LookAtAskAsync(
        string list,
        string? months,
        AdminPageContext context,
        HygieneFigures figures,
        ListStore lists,
        CancellationToken ct
    ) =>
        await FindAsync(list, months, context, figures, lists, ct) is var (found, question)
            ? Confirm(
                context,
                T($"Ask silent people of “{found.Name}” whether they stay?"),
                await figures.CountToAskAsync(question, ct),
                T($"They showed no sign of life for {question.Months} months.")
                    + " "
                    + T("Each gets one email with a link to stay and one to leave.")
                    + " "
                    + T("Nobody is asked twice within twelve months, nor anybody who refused emails or cannot get any.")
                    + " "
                    + T("Whoever does not answer stays on the list until somebody takes them off."),
                T("Ask them"),
                Ask,
                $"{context.SiteUrl}/hygiene/{list}/ask",
                question.Months
            )
            : AdminAnswers.NotFound();

    private static async Task<IResult> AskAsync(
        string list,
        PageForm form,
        AdminPageContext context,
        HygieneFigures figures,
        HygieneRounds rounds,
        ListStore lists,
        CancellationToken ct
    )
    {
        // Without the number that the page named nobody knows whom it spoke of.
        if (form[PageForm.Button] != Ask || form["months"] is not { } months)
        {
            return AdminAnswers.Stale();
        }

        if (await FindAsync(list, months, context, figures, lists, ct) is not var (found, question))
        {
            return AdminAnswers.NotFound();
        }

        await rounds.AskAsync(found, question, context.User.Actor, ct);
        return AdminPageContext.Go($"{context.SiteUrl}/hygiene", AdminNotices.HygieneAsked);
    }

    private static async Task<IResult> LookAtRemoveAsync(
        string list,
        AdminPageContext context,
        HygieneFigures figures,
        HygieneRounds rounds,
        ListStore lists,
        CancellationToken ct
    ) =>
        await FindAsync(list, months: null, context, figures, lists, ct) is var (found, _)
            ? Confirm(
                context,
                T($"Take people off “{found.Name}”?"),
                await rounds.CountUnansweredAsync(found, ct),
                T("They were asked by email whether they stay, and did not answer in time.")
                    + " "
                    + T("They are taken off here and at the list's provider. They refused nothing by that, so they may sign up again."),
                T("Take them off"),
                Remove,
                $"{context.SiteUrl}/hygiene/{list}/remove",
                months: null
            )
            : AdminAnswers.NotFound();

    private static async Task<IResult> RemoveAsync(
        string list,
        PageForm form,
        AdminPageContext context,
        HygieneFigures figures,
        HygieneRounds rounds,
        ListStore lists,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] != Remove)
        {
            return AdminAnswers.Stale();
        }

        if (await FindAsync(list, months: null, context, figures, lists, ct) is not var (found, _))
        {
            return AdminAnswers.NotFound();
        }

        await rounds.RemoveUnansweredAsync(found, context.User.Actor, ct);
        return AdminPageContext.Go($"{context.SiteUrl}/hygiene", AdminNotices.HygieneRemoved);
    }

    private static RazorComponentResult Confirm(
        AdminPageContext context,
        string title,
        int people,
        string what,
        string button,
        string does,
        string action,
        int? months
    ) =>
        context.Show<HygieneDecisionPage>(
            (nameof(HygieneDecisionPage.Title), title),
            (nameof(HygieneDecisionPage.People), people),
            (nameof(HygieneDecisionPage.What), what),
            (nameof(HygieneDecisionPage.AtMost), does == Ask),
            (nameof(HygieneDecisionPage.Button), button),
            (nameof(HygieneDecisionPage.Does), does),
            (nameof(HygieneDecisionPage.Action), action),
            (nameof(HygieneDecisionPage.Months), months?.ToString(CultureInfo.InvariantCulture))
        );

    /// <returns>Null when the site has no such list, or the months are no number of months.</returns>
    private static async Task<ListQuestion?> FindAsync(
        string list,
        string? months,
        AdminPageContext context,
        HygieneFigures figures,
        ListStore lists,
        CancellationToken ct
    )
    {
        var asked = await figures.QuestionAsync(context.SiteId, list, months, ct);
        return asked.IsRefused(out _, out var question) ? null : new((await lists.FindAsync(question.ListId, ct))!, question);
    }

    private sealed record ListQuestion(ContactList List, HygieneQuestion Question);
}

/// <summary>How many are worth a look, as pages show it. Public, like the components, because Razor makes them so.</summary>
public sealed record HygieneModel(int Months, int Confirmed, IReadOnlyList<HygieneReasonRow> Reasons, IReadOnlyList<HygieneListRow> Lists)
{
    internal static HygieneModel CountsOf(HygieneCounts counts) =>
        new(
            counts.Months,
            counts.Confirmed,
            [
                .. Enum.GetValues<HygieneReason>()
                    .Select(reason => new HygieneReasonRow(
                        CaseConverter.Lower(reason.ToString()),
                        LabelOf(reason),
                        AdviceOf(reason),
                        counts.Of(reason)
                    )),
            ],
            [
                .. counts.Lists.Select(list => new HygieneListRow(
                    list.List.Id,
                    list.List.Name,
                    list.ToAsk,
                    list.Waiting,
                    list.Unanswered,
                    [.. list.Running]
                )),
            ]
        );

    private static string LabelOf(HygieneReason reason) =>
        reason switch
        {
            HygieneReason.Silent => T("Silent"),
            HygieneReason.Bouncing => T("Emails come back"),
            HygieneReason.Typo => T("Mistyped domain"),
            HygieneReason.Disposable => T("Throw-away address"),
            _ => T("Shared address, such as info@"),
        };

    private static string AdviceOf(HygieneReason reason) =>
        reason switch
        {
            HygieneReason.Silent => T(
                "They showed no sign of life for long. Ask them whether they stay: mailbox providers judge a sender by how many readers "
                    + "react."
            ),
            HygieneReason.Bouncing => T(
                $"Emails came back on {SoftBounceRun.Again} days or more, and none arrived in between. "
                    + $"The mailbox may be full or abandoned."
            ),
            HygieneReason.Typo => T(
                "The domain looks like that of a large provider, mistyped. If you know the person another way, ask them for the right "
                    + "address: another address needs a consent of its own."
            ),
            HygieneReason.Disposable => T(
                "Such a mailbox is often read for some minutes only. Look at what the form promises for a sign-up: it may attract them."
            ),
            _ => T("Several people may read what goes there, and not all of them agreed."),
        };
}

/// <param name="Key">As the API names it.</param>
public sealed record HygieneReasonRow(string Key, string Label, string Advice, int Count);

/// <summary>A list, and how asking whether people stay stands there.</summary>
public sealed record HygieneListRow(string Id, string Name, int ToAsk, int Waiting, int Unanswered, IReadOnlyList<string> Running);

public sealed record HygieneListChoice(string Id, string Name);

/// <summary>Somebody on a list.</summary>
public sealed record HygienePersonRow(string Address, string List, DateOnly? LastSignOn, int Days, string? Suggestion);

/// <summary>A site in the table of all.</summary>
public sealed record HygieneSiteRow(AdminSiteLink Site, HygieneModel Counts);
