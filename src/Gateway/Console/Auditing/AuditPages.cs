using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Console.Story;
using Gateway.Infrastructure.Audit;

namespace Gateway.Console.Auditing;

/// <summary>/admin/audit and a site's own — who changed what, by whom, what and when.</summary>
internal static class AuditPages
{
    private const int PageSize = 100;

    public static void Map(RouteGroupBuilder signedIn) =>
        signedIn
            .MapMethods("/audit", AdminPages.Look, LookAsync)
            .WithName("AdminAuditPage")
            .WithSummary("Show who changed what, at all sites")
            .ForOperators();

    public static void MapSite(RouteGroupBuilder site) =>
        site.MapMethods("/audit", AdminPages.Look, LookAsync)
            .WithName("AdminSiteAuditPage")
            .WithSummary("Show who changed what at a site")
            .Needs(SiteRights.Manage);

    private static async Task<IResult> LookAsync(
        string? by,
        string? action,
        string? from,
        string? until,
        string? after,
        AdminPageContext context,
        AuditReader audit,
        CancellationToken ct
    )
    {
        var site = context.Site?.Id;
        var actors = await audit.ActorsAsync(site, ct);
        var asked = new AuditQuestion(
            site,
            actors.Find(actor => AuditReader.TokenOf(actor) == by),
            action?.Trim().ToLowerInvariant(),
            Day(from),
            Day(until)
        );

        // A form leaves a field empty. What says something that there is not must not show everything instead.
        Guid? last = Guid.TryParseExact(after, "N", out var id) ? id : null;
        var isUnknown =
            IsUnknown(by, asked.Actor) || IsUnknown(from, asked.From) || IsUnknown(until, asked.Until) || IsUnknown(after, last);
        var read = isUnknown ? [] : await audit.PageAsync(asked, last, PageSize + 1, ct);
        var names = context.Sites.ToDictionary(one => one.Id, context.LinkTo);
        var page = context.Show<AuditPage>(
            (
                nameof(AuditPage.Rows),
                read.Take(PageSize)
                    .Select(row => new AuditRow(
                        row.OccurredAt,
                        row.Actor,
                        row.Action,
                        row.Subject,
                        row.Reason,
                        row.SiteId is { } of ? names.GetValueOrDefault(of) : null
                    ))
                    .ToList()
            ),
            (nameof(AuditPage.Actors), actors.ConvertAll(actor => KeyValuePair.Create(AuditReader.TokenOf(actor), actor))),
            (nameof(AuditPage.By), asked.Actor is null ? null : by),
            (nameof(AuditPage.Action), asked.Action),
            (nameof(AuditPage.From), asked.From),
            (nameof(AuditPage.Until), asked.Until),
            (nameof(AuditPage.Next), read.Count > PageSize ? read[PageSize - 1].Id.ToString("N") : null),
            (nameof(AuditPage.Error), isUnknown ? ListFilter.Unknown : null)
        );
        page.StatusCode = isUnknown ? StatusCodes.Status400BadRequest : StatusCodes.Status200OK;
        return page;
    }

    private static bool IsUnknown<T>(string? typed, T found) => typed is { Length: > 0 } && found is null;

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 1970
            ? day
            : null;
}

/// <summary>Who changed what. Public, like the components, because Razor makes them so.</summary>
/// <param name="Reason">Null where none was given, or it was about somebody who is erased.</param>
/// <param name="Site">Null where it is about none.</param>
public sealed record AuditRow(DateTime At, string Actor, string Action, string? Subject, string? Reason, AdminSiteLink? Site);
