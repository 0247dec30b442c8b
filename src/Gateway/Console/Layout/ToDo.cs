using Gateway.Console.Overview;
using Gateway.Features.Connections;
using Gateway.Features.Lists;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Layout;

/// <summary>A site that something is wrong at. Public, like the components, because Razor makes them so.</summary>
/// <param name="Url">Where it is put right there.</param>
public sealed record ToDoPlace(AdminSiteLink Site, string Url);

/// <summary>Something that somebody has to put right. Public, like the components, because Razor makes them so.</summary>
/// <param name="Kind">Of the badge: <c>bad</c> where something is held up or failed, <c>warn</c> where something else is wrong.</param>
/// <param name="Label">In a word or two.</param>
/// <param name="What">In a short sentence, such as "3 mails wait".</param>
/// <param name="Detail">Why, and what to do.</param>
/// <param name="Since">When it began, UTC; null where nobody knows.</param>
/// <param name="Url">Where it is put right, or where it says how.</param>
/// <param name="Places">The sites it concerns; none where it is about the gateway itself.</param>
public sealed record ToDo(
    string Kind,
    string Label,
    string What,
    string Detail,
    DateTime? Since,
    string Url,
    IReadOnlyList<ToDoPlace> Places
)
{
    /// <summary>So many sites are named; who looks after hundreds reads no more.</summary>
    public const int MaxNamed = 5;

    /// <summary>Whom or how much it concerns, in a sentence; null where the others say it.</summary>
    public string? Concerns { get; init; }

    /// <summary>Whether the page where it is put right says it by itself.</summary>
    public bool IsToldThere { get; init; }

    /// <summary>Whether a page has to say it, since it is put right there.</summary>
    public bool BelongsTo(string path) => !IsToldThere && (Url == path || Places.Any(place => place.Url == path));

    /// <summary>Whether it concerns a site.</summary>
    public bool IsAt(AdminSiteLink site) => Places.Any(place => place.Site.Id == site.Id);

    /// <summary>Everything that is to be put right where the page is about, the most urgent first, and of these the oldest.</summary>
    /// <param name="figures">What the sites sent, by site; null where that is not to be said.</param>
    internal static IReadOnlyList<ToDo> Of(
        AdminPageContext context,
        ToDoFacts facts,
        IReadOnlyDictionary<Guid, SiteFigure>? figures = null
    )
    {
        var seen = context.Site is { } page ? context.Seen.Where(site => site.Id == page.Id) : context.Seen;
        var sites = seen.ToDictionary(site => site.Id, context.LinkTo);
        if (sites.Count == 0 && !context.User.Access.IsOperator)
        {
            return [];
        }

        var findings = context.Findings.Where(finding => sites.ContainsKey(finding.SiteId)).ToLookup(finding => finding.Kind);
        IEnumerable<ToDo> OfKind(FindingKind kind) =>
            findings[kind].Select(finding => Of(finding, sites[finding.SiteId], figures?.GetValueOrDefault(finding.SiteId)));
        var isOfGateway = context.Site is null && context.User.Access.IsOperator;
        return
        [
            .. isOfGateway ? facts.Faults.Where(fault => fault.IsUrgent).Select(Of) : [],
            .. Of(context.Problems, sites, context.User.Access.IsOperator),
            .. facts.Causes.Select(cause => Of(cause, context, sites)).OfType<ToDo>(),
            .. OfKind(FindingKind.Domain),
            .. OfKind(FindingKind.Form),
            .. OfKind(FindingKind.Hook),
            .. from site in sites
            where !context.Problems.Any(problem => problem.Outage.Code == WatchRates.BrakeCode && problem.Outage.SiteId == site.Key)
            from limit in facts.Limits[site.Key]
            where limit.ReleasedAt is null
            select Of(limit, site.Value),
            .. isOfGateway ? facts.Faults.Where(fault => !fault.IsUrgent).Select(Of) : [],
        ];
    }

    /// <summary>Alike ones of several sites are one.</summary>
    private static IEnumerable<ToDo> Of(IEnumerable<OpenOutage> open, Dictionary<Guid, AdminSiteLink> sites, bool isOperator) =>
        from outage in open
        where isOperator || outage.Waiting.Count > 0 || outage.Outage.SiteId is not null
        group outage by (outage.Outage.Queue, outage.Outage.Code, outage.Outage.Reason) into alike
        let places = alike
            .SelectMany(one => SitesOf(one).Where(sites.ContainsKey).Select(site => PlaceOf(one.Outage, sites[site])))
            .Distinct()
            .ToList()
        let urls = places.ConvertAll(place => place.Url).Distinct().ToList()
        select new ToDo(
            "bad",
            T("Held up"),
            Waiting(alike.Key.Queue, alike.Sum(one => one.Waiting.Values.Sum())),
            $"{TStored(alike.Key.Reason)} {T("Everything that waits goes out by itself once this is fixed.")}",
            alike.Min(one => one.Outage.Since),
            urls is [var only] ? only
                : urls.Count == 0 && isOperator ? "/admin/health"
                : $"/admin/connections?{NeedsAttention.Query}",
            places
        );

    /// <summary>Where it is bypassed nothing waits, and it is that site's news all the same.</summary>
    private static IEnumerable<Guid> SitesOf(OpenOutage one) =>
        one.Outage.SiteId is { } site ? one.Waiting.Keys.Append(site).Distinct() : one.Waiting.Keys;

    private static ToDo? Of(FailedCause cause, AdminPageContext context, Dictionary<Guid, AdminSiteLink> sites)
    {
        var places = cause
            .Sites.Where(sites.ContainsKey)
            .Select(site => new ToDoPlace(sites[site], $"{sites[site].Url}/failed/causes/{cause.Cause}"))
            .ToList();
        return places.Count == 0 && (context.Site is not null || !context.User.Access.IsOperator)
            ? null
            : new(
                FailedItem.MayArriveTwice(cause.Code) ? "warn" : "bad",
                T("Failed"),
                Failed(cause.Queue, cause.Count),
                TStored(cause.Reason.Length > 0 ? cause.Reason : cause.Code),
                cause.Since,
                $"{(context.Site is null ? "/admin" : context.SiteUrl)}/failed/causes/{cause.Cause}",
                places
            )
            {
                IsToldThere = true,
            };
    }

    private static ToDo Of(SiteFinding finding, AdminSiteLink site, SiteFigure? figure)
    {
        var url = site.Url + PageOf(finding);
        ToDo Row(string label, string what, string detail) =>
            new("warn", label, what, detail, finding.Since, url, [new(site, url)]) { IsToldThere = finding.Kind != FindingKind.Hook };
        return finding.Kind switch
        {
            FindingKind.Domain => Row(
                T("Sender domain"),
                T($"Emails from {finding.Name} are refused or count as forged"),
                TStored(finding.Text)
            ) with
            {
                Concerns = figure is { Mails.Sent: > 0 and var sent } ? T($"The site sent {sent:N0} emails within seven days.") : null,
            },
            FindingKind.Form => Row(
                T("Form"),
                T($"The form “{finding.Name}” lacks a field that it names"),
                $"{TStored(finding.Text)} {T("This goes away by itself with the next sign-up that brings the field.")}"
            ),
            _ => Row(T("Hook"), T($"The hook {finding.Name} takes no events"), TStored(finding.Text)),
        };
    }

    private static ToDo Of(ThresholdFigures limit, AdminSiteLink site)
    {
        var url = $"{site.Url}#mails";
        return new(
            limit.Level == "brake" ? "bad" : "warn",
            T("Emails"),
            limit.Measure == "bounces" ? T("Too many emails go to addresses that do not exist") : T("Too many emails are called spam"),
            MailsModel.Sentence(limit),
            limit.Since,
            url,
            [new(site, url)]
        )
        {
            IsToldThere = true,
        };
    }

    private static ToDo Of(GatewayFault fault) =>
        new(fault.IsUrgent ? "bad" : "warn", T("Gateway"), fault.What, fault.Detail, null, "/admin/health", []) { IsToldThere = true };

    private static ToDoPlace PlaceOf(Outage outage, AdminSiteLink site) => new(site, site.Url + PageOf(outage));

    /// <returns>What follows the site's address.</returns>
    private static string PageOf(SiteFinding finding) =>
        finding.Kind switch
        {
            FindingKind.Domain => "/domains",
            FindingKind.Form => "/forms",
            _ => $"/hooks/{finding.Subject}",
        };

    /// <summary>
    /// A list that the provider does not know is chosen anew on its page, and a brake is said on the site's own; all else is a matter of a
    /// connection.
    /// </summary>
    private static string PageOf(Outage outage) =>
        outage.Code == WatchRates.BrakeCode ? "#mails"
        : ListConnections.ListIn(outage.Connection) is { } list ? $"/lists/{PublicId.Format(PublicId.List, list)}"
        : Connection.IdIn(outage.Connection) is { } connection ? $"/connections/{PublicId.Format(PublicId.Connection, connection)}"
        : "/connections";

    private static string Waiting(string queue, int count) =>
        (queue, count) switch
        {
            ("mail", 0) => T("Emails cannot leave this way"),
            ("mail", 1) => T("1 mail waits"),
            ("mail", _) => T($"{count:N0} mails wait"),
            ("sms", 0) => T("SMS cannot leave this way"),
            ("sms", 1) => T("1 SMS waits"),
            ("sms", _) => T($"{count:N0} SMS wait"),
            (_, 0) => T("Changes of lists cannot be told"),
            (_, 1) => T("1 change of a list waits"),
            _ => T($"{count:N0} changes of lists wait"),
        };

    private static string Failed(string queue, int count) =>
        (queue, count) switch
        {
            ("submissions", 1) => T("1 submission failed"),
            ("submissions", _) => T($"{count:N0} submissions failed"),
            ("mail", 1) => T("1 email failed"),
            ("mail", _) => T($"{count:N0} emails failed"),
            ("sms", 1) => T("1 SMS failed"),
            ("sms", _) => T($"{count:N0} SMS failed"),
            ("deliveries", 1) => T("1 event did not reach its hook"),
            ("deliveries", _) => T($"{count:N0} events did not reach their hooks"),
            ("replies", 1) => T("1 reply by SMS waits for somebody to read it"),
            ("replies", _) => T($"{count:N0} replies by SMS wait for somebody to read them"),
            ("imports", 1) => T("1 import failed"),
            ("imports", _) => T($"{count:N0} imports failed"),
            ("hygiene", 1) => T("1 round of list hygiene failed"),
            ("hygiene", _) => T($"{count:N0} rounds of list hygiene failed"),
            (_, 1) => T("1 change of a list failed"),
            _ => T($"{count:N0} changes of lists failed"),
        };
}
