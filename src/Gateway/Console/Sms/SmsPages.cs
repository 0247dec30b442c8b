using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Features.Sms;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.Mvc;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Sms;

/// <summary>
/// /admin/sites/{site}/sms — the SMS of a site, what became of each, and the decision about one whose outcome nobody knows. No number
/// stands in a URL.
/// </summary>
internal static class SmsPages
{
    private const int PageSize = 50;

    private static FilterChoice[] States =>
        [
            new("", T("All")),
            new("scheduled", T("Scheduled")),
            new("queued", T("Waiting")),
            new("sending", T("Being sent")),
            new("sent", T("Sent")),
            new("delivered", T("Delivered")),
            new("failed", T("Failed")),
            new("unknown", T("Unknown")),
            new("cancelled", T("Not sent")),
        ];

    public static void MapSite(RouteGroupBuilder site)
    {
        var sms = site.MapGroup("/sms");
        sms.MapMethods("", AdminPages.Look, ListAsync).WithName("AdminSmsListPage").WithSummary("Show a site's SMS");
        sms.MapPost("", FindAsync)
            .WithName("AdminFindSms")
            .WithSummary("Find the SMS to a number, or one by its id")
            .Needs(SiteRights.See);
        sms.MapMethods("/{id}", AdminPages.Look, LookAsync).WithName("AdminSmsPage").WithSummary("Show what became of an SMS");
        sms.MapPost("/{id}/cancel", CancelAsync).WithName("AdminCancelSms").WithSummary("Take back an SMS that still waits");
        sms.MapPost("/{id}/resolve", ResolveAsync)
            .WithName("AdminResolveSms")
            .WithSummary("Say what became of an SMS whose outcome nobody knows, or send it again");
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] SmsQuery asked,
        AdminPageContext context,
        SmsStore store,
        SmsSettingsCache settings,
        CancellationToken ct
    )
    {
        var countries = SmsCountries.Named((await settings.OfAsync(context.SiteId, ct)).Policy.Countries);
        var code = asked.Country is { Length: > 0 } country ? PhoneNumber.CallingCodeOf(country) : null;
        List<ListFilter> filters =
        [
            new("state", T("State"), asked.State, States),
            new(
                "country",
                T("Country"),
                asked.Country,
                [
                    new("", T("All")),
                    .. countries
                        .Concat(code is null ? [] : [asked.Country!])
                        .Distinct(StringComparer.Ordinal)
                        .Select(one => new FilterChoice(one, $"{one} ({PhoneNumber.CallingCodeOf(one)})")),
                ]
            ),
        ];
        var after = PublicId.Parse(PublicId.Sms, asked.After);
        if (!filters.TrueForAll(filter => filter.IsKnown) || (asked.After is not null && after is null))
        {
            return ShowSms.Show(context, [], filters, next: null, isLater: false, typed: null, ListFilter.Unknown);
        }

        var filter = new SmsFilter(Enum.TryParse<SmsState>(asked.State, ignoreCase: true, out var state) ? state : null, code);
        var rows = await store.PageAsync(context.SiteId, filter, after, PageSize + 1, ct);
        var page = Page<SmsMessage>.Of(rows, PageSize, row => PublicId.Format(PublicId.Sms, row.Id));
        return ShowSms.Show(context, page.Items, filters, page.Next, after is not null);
    }

    private static async Task<IResult> FindAsync(PageForm form, AdminPageContext context, SmsStore store, CancellationToken ct)
    {
        var typed = form["search"] ?? "";
        if (PublicId.Parse(PublicId.Sms, typed) is { } id)
        {
            return await store.FindAsync(context.SiteId, id, ct) is null
                ? ShowSms.Show(context, [], [], null, isLater: false, typed, T("This site has no SMS with this id."))
                : AdminPageContext.Go($"{context.SiteUrl}/sms/{typed}");
        }

        return PhoneNumber.Parse(typed, country: null, out var error) is not { } number
            ? ShowSms.Show(context, [], [], null, isLater: false, typed, error)
            : ShowSms.Show(context, await store.ToAsync(context.SiteId, number, PageSize, ct), [], null, isLater: false, number.Number);
    }

    private static async Task<IResult> LookAsync(string id, AdminPageContext context, ShowSms show, CancellationToken ct) =>
        await show.ShowOneAsync(context, id, error: null, StatusCodes.Status200OK, ct);

    private static async Task<IResult> CancelAsync(
        string id,
        AdminPageContext context,
        ShowSms show,
        WithdrawSms withdraw,
        AuditLog audit,
        CancellationToken ct
    )
    {
        var smsId = PublicId.Parse(PublicId.Sms, id) ?? Guid.Empty;
        var isBack = await audit.RecordAsync(
            () => withdraw.WithdrawAsync(context.SiteId, smsId, ct),
            done => done ? new(context.SiteId, context.User.Actor, "sms.cancelled", id) : null,
            ct
        );
        return isBack
            ? AdminPageContext.Go($"{context.SiteUrl}/sms/{id}", AdminNotices.SmsCancelled)
            : await show.ShowOneAsync(
                context,
                id,
                T("A provider was asked to send it already; it cannot be taken back."),
                StatusCodes.Status409Conflict,
                ct
            );
    }

    /// <summary>The rule is that of the API and the command line: nothing of unknown outcome is sent again by itself.</summary>
    private static async Task<IResult> ResolveAsync(
        string id,
        PageForm form,
        AdminPageContext context,
        SmsStore store,
        ShowSms show,
        ResolveSms resolve,
        FailedItems failures,
        AuditLog audit,
        CancellationToken ct
    )
    {
        if (await store.FindAsync(context.SiteId, PublicId.Parse(PublicId.Sms, id), ct) is not { } sms)
        {
            return AdminAnswers.NotFound();
        }

        var actor = context.User.Actor;
        var word = form[PageForm.Button];
        if (word == "again")
        {
            var why = form["twice"] is null
                ? T("Say that you accept that it may arrive twice.")
                : await failures.ReplayAsync(id, new(), actor, ct);
            return why is null
                ? AdminPageContext.Go($"{context.SiteUrl}/sms/{id}", AdminNotices.SmsSentAgain)
                : await show.ShowOneAsync(context, id, why, StatusCodes.Status400BadRequest, ct);
        }

        if (!Enum.TryParse<SmsState>(word, ignoreCase: true, out var chosen) || !ResolveSms.Choices.Contains(chosen))
        {
            return AdminAnswers.Stale();
        }

        var resolved = await audit.RecordAsync(
            () => resolve.ResolveAsync(sms.Id, chosen, ct),
            site => site is null ? null : new(site, actor, "sms.resolved", $"{id} {word}"),
            ct
        );
        return resolved is not null
            ? AdminPageContext.Go($"{context.SiteUrl}/sms/{id}", AdminNotices.SmsResolved)
            : await show.ShowOneAsync(
                context,
                id,
                T("Its outcome is known by now. Nothing was changed."),
                StatusCodes.Status409Conflict,
                ct
            );
    }
}

/// <summary>Shows SMS: many in a list, or one with all that belongs to it.</summary>
internal sealed class ShowSms(SmsStore store)
{
    /// <param name="error">Why something could not be done, in a sentence; null when nothing was asked for.</param>
    public async Task<IResult> ShowOneAsync(AdminPageContext context, string id, string? error, int status, CancellationToken ct)
    {
        if (PublicId.Parse(PublicId.Sms, id) is not { } smsId || await store.FindAsync(context.SiteId, smsId, ct) is not { } sms)
        {
            return AdminAnswers.NotFound();
        }

        var page = context.Show<SmsPage>(
            (nameof(SmsPage.Sms), SmsModel.Of(sms, await store.ReceiptsOfAsync(smsId, ct), context.SiteUrl)),
            (nameof(SmsPage.Error), error)
        );
        page.StatusCode = status;
        return page;
    }

    /// <param name="typed">What was looked for; null when nothing was.</param>
    public static IResult Show(
        AdminPageContext context,
        IReadOnlyList<SmsMessage> rows,
        IReadOnlyList<ListFilter> filters,
        string? next,
        bool isLater,
        string? typed = null,
        string? error = null
    )
    {
        var page = context.Show<SmsListPage>(
            (nameof(SmsListPage.Rows), rows.Select(row => SmsRow.Of(row, $"{context.SiteUrl}/sms")).ToList()),
            (nameof(SmsListPage.Filters), filters),
            (nameof(SmsListPage.Next), next),
            (nameof(SmsListPage.IsLater), isLater),
            (nameof(SmsListPage.Typed), typed),
            (nameof(SmsListPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}

/// <summary>What the address says of the list.</summary>
internal sealed record SmsQuery
{
    [FromQuery(Name = "state")]
    public string? State { get; init; }

    [FromQuery(Name = "country")]
    public string? Country { get; init; }

    [FromQuery(Name = "after")]
    public string? After { get; init; }
}
