using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
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
            by is null ? null : actors.Find(actor => AuditReader.TokenOf(actor) == by),
            action?.Trim(),
            Day(from),
            Day(until)
        );
        var read = await audit.PageAsync(asked, Guid.TryParseExact(after, "N", out var last) ? last : null, PageSize + 1, ct);
        var names = context.Sites.ToDictionary(one => one.Id, context.LinkTo);
        return context.Show<AuditPage>(
            (
                nameof(AuditPage.Rows),
                read.Take(PageSize)
                    .Select(row => new AuditRow(
                        row.OccurredAt,
                        row.Actor,
                        row.Action,
                        row.Subject,
                        row.SiteId is { } id ? names.GetValueOrDefault(id) : null
                    ))
                    .ToList()
            ),
            (nameof(AuditPage.Actors), actors.ConvertAll(actor => KeyValuePair.Create(AuditReader.TokenOf(actor), actor))),
            (nameof(AuditPage.By), asked.Actor is null ? null : by),
            (nameof(AuditPage.Action), asked.Action),
            (nameof(AuditPage.From), asked.From),
            (nameof(AuditPage.Until), asked.Until),
            (nameof(AuditPage.Next), read.Count > PageSize ? read[PageSize - 1].Id.ToString("N") : null)
        );
    }

    private static DateOnly? Day(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year > 1970
            ? day
            : null;
}

/// <summary>Who changed what. Public, like the components, because Razor makes them so.</summary>
/// <param name="Site">Null where it is about none.</param>
public sealed record AuditRow(DateTime At, string Actor, string Action, string? Subject, AdminSiteLink? Site);
