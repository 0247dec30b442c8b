using System.Globalization;
using Gateway.Console.Connections;
using Gateway.Console.Layout;
using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Features.Mail.Rates;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Overview;

/// <summary>/admin/sites/{site} — one site: its figures, what is to be put right, its lists.</summary>
internal static class SitePages
{
    /// <summary>More than a site has.</summary>
    private const int MaxConnections = 50;

    public static void Map(RouteGroupBuilder site)
    {
        site.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSitePage").WithSummary("Show a site");
        site.MapPost("/brake", ReleaseAsync).WithName("AdminReleaseBrake").WithSummary("Let bulk mail of a site go on");
    }

    /// <summary>Only who sees all sites: it risks the reputation of what others send through the same server.</summary>
    private static async Task<IResult> ReleaseAsync(AdminPageContext context, ReleaseBrake brake, CancellationToken ct)
    {
        if (!context.User.Access.IsOperator)
        {
            return AdminAnswers.NotFound();
        }

        await brake.ReleaseAsync(context.SiteId, context.User.Actor, ct);
        return AdminPageContext.Go(context.SiteUrl, AdminNotices.BrakeReleased);
    }

    private static async Task<RazorComponentResult> LookAsync(
        AdminPageContext context,
        SiteLists siteLists,
        SiteFigures figures,
        ToDoReader toDos,
        HeldBack held,
        SiteRates rates,
        DayFigures days,
        Waits waits,
        ConnectionStore connections,
        DescribeConnections describe,
        CancellationToken ct
    )
    {
        // Each reads over connections of its own.
        var finding = toDos.ReadAsync([context.SiteId], ct);
        var counting = waits.OfSiteAsync(context.SiteId, ct);
        var drawing = days.OfSiteAsync(context.SiteId, ct).AsTask();
        await Task.WhenAll(finding, counting, drawing);
        var (facts, waiting, charts) = (await finding, await counting, await drawing);
        var own = await describe.DescribeAsync(await connections.PageAsync(context.SiteId, after: null, MaxConnections, ct), ct);
        return context.Show<SitePage>(
            (
                nameof(SitePage.Row),
                SiteRow.Of(
                    context.Site!,
                    waiting.Sum(row => row.Count),
                    facts.Causes.Sum(cause => cause.Count),
                    await figures.CountSentTodayAsync(context.SiteId, ct)
                )
            ),
            (nameof(SitePage.Charts), charts),
            (nameof(SitePage.Waiting), waiting),
            (nameof(SitePage.Connections), own.Select(one => ConnectionRow.Of(one, $"{context.SiteUrl}/connections")).ToList()),
            (nameof(SitePage.ToDos), ToDo.Of(context, facts)),
            (nameof(SitePage.Lists), await siteLists.OfAsync(context.SiteId, ct)),
            (nameof(SitePage.Mails), MailsModel.Of(await rates.ReadRecentAsync(context.SiteId, context.Site!.Brake, ct))),
            (
                nameof(SitePage.Held),
                (await held.ReadAsync(context.SiteId, ct)).ConvertAll(group => HeldRow.Of(group, context.User.Access.IsOperator))
            ),
            (nameof(SitePage.Unanswered), (await held.BreakersAsync(context.SiteId, ct)).ConvertAll(UnansweredRow.Of))
        );
    }
}

/// <summary>The lists of a site, with how many people are on each.</summary>
internal sealed class SiteLists(ListStore lists, SubscriptionStore subscriptions)
{
    /// <summary>Those that people can join.</summary>
    public async Task<List<ListRow>> OfAsync(Guid siteId, CancellationToken ct) =>
        (await AllOfAsync(siteId, ct)).FindAll(list => !list.IsArchived);

    public async Task<List<ListRow>> AllOfAsync(Guid siteId, CancellationToken ct)
    {
        var counts = await subscriptions.CountByListAsync(siteId, ct);
        return (await lists.OfSiteAsync(siteId, ct)).ConvertAll(list => new ListRow(
            PublicId.Format(PublicId.List, list.Id),
            list.Name,
            list.Provider,
            list.ProviderListId,
            counts.GetValueOrDefault((list.Id, SubscriptionState.Confirmed)),
            counts.GetValueOrDefault((list.Id, SubscriptionState.Pending)),
            list.ArchivedAt is not null
        ));
    }
}

/// <summary>A list of a site.</summary>
/// <param name="Pending">Asked to confirm, and have not answered.</param>
/// <param name="IsArchived">Whether it takes nobody any more.</param>
public sealed record ListRow(string Id, string Name, string Provider, string? ProviderList, int Confirmed, int Pending, bool IsArchived);

/// <summary>What became of a site's emails of seven days.</summary>
/// <param name="SuppressedBounced">Addresses that are not written to any more, since emails came back.</param>
/// <param name="SuppressedComplained">Likewise, since their owners complained.</param>
/// <param name="StoppedSince">Since when bulk mail is stopped; null when it is not.</param>
public sealed record MailsModel(
    IReadOnlyList<MailsRow> Rows,
    IReadOnlyList<string> Limits,
    int SuppressedBounced,
    int SuppressedComplained,
    DateTime? StoppedSince
)
{
    internal static MailsModel Of(MailFigures figures) =>
        new(
            [.. figures.Providers.Select(MailsRow.Of)],
            [.. figures.Thresholds.Select(Sentence)],
            figures.Suppressed.Bounced,
            figures.Suppressed.Complained,
            figures.Brake.Since
        );

    /// <summary>What a limit is about, and who says so.</summary>
    internal static string Sentence(ThresholdFigures one)
    {
        var (rate, to, from) = (one.Rate, one.Provider, one.Sender);
        var what = (one.Measure == "bounces", to == PublishedLimits.Everybody) switch
        {
            (true, true) => T($"{rate:0.##%} of the emails from {from} went to addresses that do not exist ({one.Cases} of {one.Of})."),
            (true, false) => T(
                $"{rate:0.##%} of the emails to {to} from {from} went to addresses that do not exist ({one.Cases} of {one.Of})."
            ),
            (false, true) => T($"{rate:0.##%} of the emails from {from} were called spam ({one.Cases} of {one.Of})."),
            _ => T($"{rate:0.##%} of the emails to {to} from {from} were called spam ({one.Cases} of {one.Of})."),
        };
        return what
            + " "
            + (
                one.Level == "brake"
                    ? T($"The highest limit is {one.Limit:0.##%}, says {one.Source}.")
                    : T($"The first limit is {one.Limit:0.##%}, says {one.Source}.")
            );
    }
}

/// <summary>Emails from one domain to one provider's mailboxes.</summary>
/// <param name="ComplaintRate">Such as <c>0.12 %</c>.</param>
public sealed record MailsRow(
    string Sender,
    string Provider,
    int Sent,
    int Delivered,
    int Bounced,
    int Returned,
    int Complained,
    string BounceRate,
    string ComplaintRate
)
{
    internal static MailsRow Of(ProviderFigures one) =>
        new(
            one.Sender,
            one.Provider == RecipientProviders.Other ? T("all others") : one.Provider,
            one.Sent,
            one.Delivered,
            one.Bounced,
            one.Returned,
            one.Complained,
            Share(one.BounceRate),
            Share(one.ComplaintRate)
        );

    private static string Share(double? share) =>
        share is null ? T("not enough data") : string.Create(CultureInfo.InvariantCulture, $"{share:0.00%}");
}

/// <summary>Confirmation mails of a site that wait for one reason.</summary>
public sealed record HeldRow(string Why, int Count, DateTime NextAt)
{
    /// <summary>Only whoever sees all sites may know that another site's mails went to the same people.</summary>
    internal static HeldRow Of(HeldGroup group, bool isOperator) =>
        new(
            group.Reason switch
            {
                HoldReason.Site => T("The site's limit"),
                HoldReason.Unconfirmed => T("Too few people of the domain confirm"),
                HoldReason.Mailbox when isOperator => T("The limit for one mailbox"),
                HoldReason.Domain when isOperator => T("The limit for one mail domain"),
                HoldReason.Visitor when isOperator => T("The limit for one visitor's address"),
                HoldReason.Network when isOperator => T("The limit for one network of visitors"),
                _ => T("Limits of this gateway that protect people from unwanted mail"),
            },
            group.Count,
            group.NextAt
        );
}

/// <summary>A mail domain where few of those whom a site asked have confirmed.</summary>
public sealed record UnansweredRow(string Domain, int Unconfirmed, int Confirmed, DateTime Since, bool Holds)
{
    internal static UnansweredRow Of(Breaker breaker) =>
        new(
            breaker.Domain switch
            {
                "disposable" => T("Domains of throw-away addresses"),
                "no mail" => T("Domains that take no mail"),
                var domain => domain,
            },
            breaker.Unconfirmed,
            breaker.Confirmed,
            breaker.Since,
            breaker.State == BreakerState.Holding
        );
}
