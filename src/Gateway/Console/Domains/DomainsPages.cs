using Gateway.Console.Layout;
using Gateway.Features.Mail;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Domains;

/// <summary>/admin/sites/{site}/domains — what mailbox providers see of the domains that a site sends from.</summary>
internal static class DomainsPages
{
    /// <summary>How long the page waits for name servers that were not asked before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(RouteGroupBuilder site)
    {
        site.MapMethods("/domains", AdminPages.Look, LookAsync)
            .WithName("AdminDomainsPage")
            .WithSummary("Show what is seen of a site's sender domains");
        site.MapPost("/domains", LookAnewAsync).WithName("AdminCheckDomain").WithSummary("Look at a sender domain anew");
        site.MapPost("/domains/test", TestAsync)
            .WithName("AdminTestDomain")
            .WithSummary("Send a mail of a sender domain to the gateway itself");
    }

    private static async Task<RazorComponentResult> LookAsync(
        AdminPageContext context,
        MailSenders senders,
        SenderDomainReports reports,
        DomainTestMails tests,
        CancellationToken ct
    )
    {
        var domains = await senders.DomainsAsync(context.Site!, ct);
        var read = await Task.WhenAll(domains.Select(domain => reports.ReadAsync(domain, Patience, ct)));
        var models = new List<DomainModel>();
        foreach (var (domain, report) in domains.Zip(read))
        {
            models.Add(DomainModel.Of(domain, report, await tests.FindAsync(domain, ct)));
        }

        return context.Show<DomainsPage>((nameof(DomainsPage.Domains), models), (nameof(DomainsPage.CanTest), tests.IsPossible));
    }

    private static async Task<IResult> LookAnewAsync(
        PageForm form,
        AdminPageContext context,
        MailSenders senders,
        SenderDomainReports reports,
        SiteFindings findings,
        CancellationToken ct
    )
    {
        if (form["domain"] is not { } domain || !(await senders.DomainsAsync(context.Site!, ct)).Contains(domain))
        {
            return AdminAnswers.NotFound();
        }

        var report = await reports.LookNowAsync(domain, ct);
        await findings.LookAsync(context.Site!, FindingKind.Domain, ct);
        return AdminPageContext.Go(
            $"{context.SiteUrl}/domains",
            report is null ? AdminNotices.DomainNotChecked : AdminNotices.DomainChecked
        );
    }

    private static async Task<IResult> TestAsync(PageForm form, AdminPageContext context, DomainTestMails tests, CancellationToken ct) =>
        form["domain"] is { } domain
            ? AdminPageContext.Go(
                $"{context.SiteUrl}/domains",
                (await tests.SendAsync(context.Site!, domain, ct)).IsRefused(out var why, out _)
                    ? why.Kind == RefusalKind.TooMany
                        ? AdminNotices.DomainTested
                        : AdminNotices.DomainNotChecked
                    : AdminNotices.DomainTested
            )
            : AdminAnswers.NotFound();
}

/// <summary>A sender domain, and what is seen of it.</summary>
/// <param name="State">All findings in a few words.</param>
/// <param name="Kind">Of the badge: <c>good</c>, <c>warn</c>, <c>bad</c>; null for none.</param>
/// <param name="CheckedAt">Null while the first look is under way.</param>
/// <param name="TestedAt">When a mail of the domain came in that the gateway sent to itself; null when none did.</param>
/// <param name="Signature">What signed that mail, such as <c>k7._domainkey.shop.example</c>; null when nothing did.</param>
/// <param name="IsTestOnItsWay">Whether one has left and not come in.</param>
public sealed record DomainModel(
    string Domain,
    string State,
    string? Kind,
    DateTime? CheckedAt,
    DateTime? TestedAt,
    string? Signature,
    bool IsTestOnItsWay,
    IReadOnlyList<DomainFindingModel> Findings
)
{
    internal static DomainModel Of(string domain, DomainReport? report, DomainTestMail? test)
    {
        var word = DomainWord.Of(report?.State);
        return new(
            domain,
            word.Text,
            word.Kind,
            report?.CheckedAt,
            test?.ArrivedAt,
            test is { Selector: { } selector, SigningDomain: { } signing } ? DkimRecord.NameOf(selector, signing) : null,
            test is { HasArrived: false },
            report is null ? [] : [.. SenderDomainResponse.Of(report).Findings.Select(DomainFindingModel.Of)]
        );
    }
}

/// <summary>A sentence about a sender domain.</summary>
/// <param name="Topic">What it is about, such as <c>SPF</c>.</param>
/// <param name="Severity">In a word.</param>
/// <param name="Kind">Of the badge; null for a plain one.</param>
/// <param name="Record">What to publish, as <c>name TYPE value</c>; null where no record puts it right.</param>
/// <param name="IsOptional">Whether nobody has to have what it is about, and nothing is wrong without.</param>
public sealed record DomainFindingModel(string Topic, string Severity, string? Kind, string Message, string? Record, bool IsOptional)
{
    internal static DomainFindingModel Of(DomainFindingResponse one)
    {
        var isOptional = OptionalRecords.IsMissing(one.Code);
        return new(
            TopicOf(one.Topic),
            isOptional ? T("optional") : WordOf(one.Severity),
            one.Severity switch
            {
                "good" => "good",
                "warning" => "warn",
                "error" => "bad",
                _ => null,
            },
            TStored(one.Message),
            one.Publish is { } record ? $"{record.Name} {record.Type} {record.Value}" : null,
            isOptional
        );
    }

    private static string WordOf(string severity) =>
        severity switch
        {
            "good" => T("good"),
            "warning" => T("warning"),
            "error" => T("error"),
            _ => T("note"),
        };

    private static string TopicOf(string topic) =>
        topic switch
        {
            DomainTopics.Domain => T("Domain"),
            DomainTopics.Alignment => T("Alignment"),
            DomainTopics.Mx => T("Mail server"),
            DomainTopics.Ptr => T("Name of the sending address"),
            DomainTopics.MtaSts => "MTA-STS",
            DomainTopics.TlsRpt => "TLS-RPT",
            _ => topic.ToUpperInvariant(),
        };
}
