using Gateway.Console.Domains;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.SetUp;

/// <summary>/admin/set-up — from an empty gateway to the first list, in four steps, in any order, that can be skipped.</summary>
internal static class SetUpPages
{
    public const string Path = "/admin/set-up";
    public const string SkipButton = "skip";

    /// <summary>How long the page waits for name servers that were not asked before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void Map(RouteGroupBuilder admin)
    {
        var pages = admin.MapGroup("/set-up").RequireAuthorization(AdminPolicies.Operator);
        pages.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSetUpPage").WithSummary("Show how far the set-up has come");
        pages
            .MapMethods("/address", AdminPages.Look, LookAtAddress)
            .WithName("AdminSetUpAddressPage")
            .WithSummary("Show the public address");
        pages
            .MapPost("/address", CheckAddressAsync)
            .WithName("AdminSetUpAddress")
            .WithSummary("Find out whether the public address leads here");
        pages.MapMethods("/mail", AdminPages.Look, LookAtMailAsync).WithName("AdminSetUpMailPage").WithSummary("Show how mail leaves");
        pages.MapPost("/mail", SendMailAsync).WithName("AdminSetUpMail").WithSummary("Send a test email");
        pages.MapMethods("/site", AdminPages.Look, LookAtSiteAsync).WithName("AdminSetUpSitePage").WithSummary("Ask for the first site");
        pages.MapPost("/site", AddSiteAsync).WithName("AdminSetUpSite").WithSummary("Add the first site");
        pages.MapMethods("/list", AdminPages.Look, LookAtListAsync).WithName("AdminSetUpListPage").WithSummary("Ask for the first list");
        pages.MapPost("/list", AddListAsync).WithName("AdminSetUpList").WithSummary("Add the first list");

        // They come from the gateway itself and from a mailbox: the value in the address is the secret.
        admin
            .MapMethods($"{AddressCheck.Path["/admin".Length..]}/{{value}}", AdminPages.Look, AnswerAsync)
            .AllowAnonymous()
            .WithName("AdminAddressCheck")
            .WithSummary("Answer the gateway's own request to its public address");
        var arrived = admin.MapGroup(TestMail.Path["/admin".Length..]).AllowAnonymous();
        arrived
            .MapMethods("/{value}", AdminPages.Look, AskArrivedAsync)
            .WithName("AdminTestMailPage")
            .WithSummary("Ask whether the test email arrived");
        arrived.MapPost("/{value}", ArrivedAsync).WithName("AdminTestMail").WithSummary("Note that the test email arrived");
    }

    private static async Task<RazorComponentResult> LookAsync(AdminPageContext context, SetUpProgress progress, CancellationToken ct)
    {
        var sites = await progress.SitesAsync(ct);
        return context.Show<SetUpPage>(
            (nameof(SetUpPage.Steps), SetUpStepRow.Of(await progress.ReadAsync(ct))),
            (nameof(SetUpPage.Sites), sites.Select(AdminSiteLink.Of).ToList())
        );
    }

    private static RazorComponentResult LookAtAddress(AdminPageContext context, IOptions<GatewayOptions> options) =>
        ShowAddress(context, options, error: null);

    private static async Task<IResult> CheckAddressAsync(
        PageForm form,
        AdminPageContext context,
        AddressCheck check,
        SetUpProgress progress,
        IOptions<GatewayOptions> options,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] == SkipButton)
        {
            return await SkipAsync(SetUpSteps.Address, context, progress, ct);
        }

        return await check.ErrorAsync(context.User.Actor, ct) is { } error
            ? ShowAddress(context, options, error)
            : AdminPageContext.Go(SetUpSteps.After(SetUpSteps.Address), AdminNotices.AddressWorks);
    }

    private static RazorComponentResult ShowAddress(AdminPageContext context, IOptions<GatewayOptions> options, string? error) =>
        WithStatus(
            context.Show<SetUpAddressPage>(
                (nameof(SetUpAddressPage.Address), options.Value.PublicBase),
                (nameof(SetUpAddressPage.Error), error)
            ),
            error
        );

    private static async Task<IResult> AnswerAsync(string value, SetUpChecks checks, CancellationToken ct) =>
        await checks.IsOpenAsync(SetUpSteps.Address, value, ct)
            ? TypedResults.Text(AddressCheck.AnswerTo(value))
            : AdminAnswers.NotFound();

    private static async Task<IResult> LookAtMailAsync(AdminPageContext context, ShowMailStep show, CancellationToken ct) =>
        await show.ShowAsync(context, form: null, error: null, ct);

    private static async Task<IResult> SendMailAsync(
        PageForm form,
        AdminPageContext context,
        TestMail test,
        SetUpProgress progress,
        ShowMailStep show,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] == SkipButton)
        {
            return await SkipAsync(SetUpSteps.Mail, context, progress, ct);
        }

        var id = PublicId.Parse(PublicId.Site, form["over"]);
        var site = context.Sites.FirstOrDefault(one => one.Id == id);
        return await test.ErrorAsync(site, form["to"], context.User.Actor, ct) is { } error
            ? await show.ShowAsync(context, form, error, ct)
            : AdminPageContext.Go(SetUpSteps.UrlOf(SetUpSteps.Mail), AdminNotices.TestMailSent);
    }

    private static async Task<IResult> AskArrivedAsync(string value, SetUpChecks checks, CancellationToken ct) =>
        await checks.IsOpenAsync(SetUpSteps.Mail, value, ct)
            ? new RazorComponentResult<TestMailPage>(new { Url = $"{TestMail.Path}/{value}" })
            : AdminAnswers.UsedCheck();

    private static async Task<IResult> ArrivedAsync(string value, SetUpChecks checks, CancellationToken ct) =>
        await checks.UseAsync(SetUpSteps.Mail, value, ct)
            ? new RazorComponentResult<TestMailPage>(new { IsNoted = true })
            : AdminAnswers.UsedCheck();

    private static async Task<IResult> LookAtSiteAsync(
        AdminPageContext context,
        SetUpProgress progress,
        MailSenders senders,
        SenderDomainReports reports,
        CancellationToken ct
    ) => ShowSite(context, await FirstAsync(progress, senders, reports, ct), form: null, error: null);

    private static async Task<IResult> AddSiteAsync(
        PageForm form,
        AdminPageContext context,
        AddSite add,
        SetUpProgress progress,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] == SkipButton)
        {
            return await SkipAsync(SetUpSteps.Site, context, progress, ct);
        }

        return (await add.AddAsync(new(form["name"] ?? "", form["from"], form["language"]), context.User.Actor, ct)).IsRefused(
            out var why,
            out _
        )
            ? ShowSite(context, first: null, form, why.Message)
            : AdminPageContext.Go(SetUpSteps.UrlOf(SetUpSteps.Site), AdminNotices.SiteAdded);
    }

    private static RazorComponentResult ShowSite(AdminPageContext context, AddedSite? first, PageForm? form, string? error) =>
        WithStatus(
            context.Show<SetUpSitePage>(
                (nameof(SetUpSitePage.First), first),
                (nameof(SetUpSitePage.New), NewSiteModel.Of(form)),
                (nameof(SetUpSitePage.Error), error)
            ),
            error
        );

    private static async Task<AddedSite?> FirstAsync(
        SetUpProgress progress,
        MailSenders senders,
        SenderDomainReports reports,
        CancellationToken ct
    )
    {
        if ((await progress.SitesAsync(ct)) is not [var site, ..])
        {
            return null;
        }

        var domains = await senders.DomainsAsync(site, ct);
        var read = await Task.WhenAll(domains.Select(domain => reports.ReadAsync(domain, Patience, ct)));
        return AddedSite.Of(site, [.. domains.Zip(read, (domain, report) => DomainModel.Of(domain, report, test: null))]);
    }

    private static async Task<IResult> LookAtListAsync(
        AdminPageContext context,
        SetUpProgress progress,
        ListStore lists,
        CancellationToken ct
    ) => await ShowListAsync(context, progress, lists, form: null, error: null, ct);

    private static async Task<IResult> AddListAsync(
        PageForm form,
        AdminPageContext context,
        SetUpProgress progress,
        ListStore lists,
        ConfigureLists configure,
        AuditLog audit,
        CancellationToken ct
    )
    {
        if (form[PageForm.Button] == SkipButton)
        {
            return await SkipAsync(SetUpSteps.List, context, progress, ct);
        }

        var id = PublicId.Parse(PublicId.Site, form["site"]);
        if ((await progress.SitesAsync(ct)).FirstOrDefault(one => one.Id == id) is not { } site)
        {
            return await ShowListAsync(context, progress, lists, form, T("Choose the site of the list."), ct);
        }

        var added = await audit.RecordAsync(
            () => configure.AddAsync(new(site.Id, form["name"] ?? "", Welcome: form["welcome"] is not null), ct),
            outcome =>
                outcome.IsRefused(out _, out var made)
                    ? null
                    : new(site.Id, context.User.Actor, "list.added", PublicId.Format(PublicId.List, made.Id)),
            ct
        );
        return added.IsRefused(out var why, out _)
            ? await ShowListAsync(context, progress, lists, form, why.Message, ct)
            : AdminPageContext.Go($"{AdminSiteLink.Of(site).Url}/connect", AdminNotices.FirstListAdded);
    }

    private static async Task<RazorComponentResult> ShowListAsync(
        AdminPageContext context,
        SetUpProgress progress,
        ListStore lists,
        PageForm? form,
        string? error,
        CancellationToken ct
    )
    {
        var sites = await progress.SitesAsync(ct);
        var known = await lists.OfSitesAsync([.. sites.Select(site => site.Id)], ct);
        return WithStatus(
            context.Show<SetUpListPage>(
                (nameof(SetUpListPage.Sites), sites.Select(AdminSiteLink.Of).ToList()),
                (nameof(SetUpListPage.Known), known.ConvertAll(list => list.Name)),
                (nameof(SetUpListPage.Name), form?["name"]),
                (nameof(SetUpListPage.Error), error)
            ),
            error
        );
    }

    private static async Task<IResult> SkipAsync(string step, AdminPageContext context, SetUpProgress progress, CancellationToken ct)
    {
        await progress.MarkAsync(step, SetUpState.Skipped, context.User.Actor, ct);
        return AdminPageContext.Go(SetUpSteps.After(step));
    }

    internal static RazorComponentResult WithStatus(RazorComponentResult page, string? error)
    {
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}
