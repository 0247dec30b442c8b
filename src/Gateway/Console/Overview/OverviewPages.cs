using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Overview;

/// <summary>/admin — how every site is doing; and the way out.</summary>
internal static class OverviewPages
{
    public static void Map(RouteGroupBuilder signedIn)
    {
        signedIn.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminOverview").WithSummary("Show how the sites are doing");
        signedIn.MapPost("/sign-out", SignOutAsync).WithName("AdminSignOut").WithSummary("Sign out").ForEverybodySignedIn();
    }

    private static async Task<RazorComponentResult> LookAsync(
        AdminPageContext context,
        DayFigures days,
        Waits waits,
        ToDoReader toDos,
        CancellationToken ct
    )
    {
        // Each reads over connections of its own.
        var (counting, finding) = (days.CountsAsync(ct).AsTask(), toDos.ReadAsync(context.User.Access.Seen, ct));
        var mails = days.MailsAsync(context.User.Access.Seen, ct);

        // What waits at other sites is nobody's to see but an operator's.
        var waiting = context.User.Access.IsOperator ? waits.AllAsync(ct) : Task.FromResult(new List<WaitRow>());
        await Task.WhenAll(counting, finding, mails, waiting);
        var counts = await counting;
        return context.Show<OverviewPage>(
            (nameof(OverviewPage.Rows), context.Seen.Select(site => SiteRow.Of(site, counts.GetValueOrDefault(site.Id))).ToList()),
            (nameof(OverviewPage.PrivacyOnly), context.Sites.Except(context.Seen).Select(context.LinkTo).ToList()),
            (nameof(OverviewPage.Mails), await mails),
            (nameof(OverviewPage.Waiting), await waiting),
            (nameof(OverviewPage.ToDos), ToDo.Of(context, await finding, counts))
        );
    }

    private static async Task<IResult> SignOutAsync(
        AdminPageContext context,
        HttpContext http,
        AdminSessions sessions,
        CancellationToken ct
    )
    {
        await sessions.SignOutAsync(context.User, ct);
        await http.SignOutAsync(AdminAuthentication.Scheme);
        return AdminPageContext.Go("/admin/sign-in");
    }
}

/// <summary>A site of the overview.</summary>
/// <param name="Bounced">Of the mails of seven days: nobody is there.</param>
/// <param name="Complained">Of these: called spam.</param>
/// <param name="Threshold">The worst limit of a provider that is reached: <c>warning</c>, <c>brake</c>; null for none.</param>
public sealed record SiteRow(
    AdminSiteLink Site,
    string? From,
    int Waiting,
    int Failed,
    int SentToday,
    int Bounced,
    int Complained,
    string? Threshold
)
{
    /// <summary>Of the site's own page, which says what became of its mails elsewhere.</summary>
    internal static SiteRow Of(Site site, int waiting, int failed, int sentToday) =>
        new(AdminSiteLink.Of(site), site.FromEmail, waiting, failed, sentToday, Bounced: 0, Complained: 0, Threshold: null);

    internal static SiteRow Of(Site site, SiteFigure? figure) =>
        new(
            AdminSiteLink.Of(site),
            site.FromEmail,
            figure?.Waiting ?? 0,
            figure?.Failed ?? 0,
            figure?.SentToday ?? 0,
            figure?.Mails.Bounced ?? 0,
            figure?.Mails.Complained ?? 0,
            figure is { Thresholds: [var worst, ..] } ? worst.Level : null
        );
}
