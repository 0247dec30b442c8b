using FluentValidation;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Hooks;

/// <summary>
/// /admin/sites/{site}/hooks — who is told of a site's events: added, tried, given another secret, deleted; what was sent.
/// </summary>
internal static class HooksPages
{
    public static void MapSite(RouteGroupBuilder site)
    {
        var hooks = site.MapGroup("/hooks");
        hooks.MapMethods("", AdminPages.Look, ListAsync).WithName("AdminHooksPage").WithSummary("Show a site's hooks");
        hooks
            .MapMethods("/new", AdminPages.Look, LookAtNew)
            .WithName("AdminNewHookPage")
            .WithSummary("Ask for a new hook")
            .Needs(SiteRights.Manage);
        hooks.MapPost("/new", AddAsync).WithName("AdminNewHook").WithSummary("Add a hook").NeedsRecentSignIn();
        hooks
            .MapMethods("/{hook}", AdminPages.Look, LookAsync)
            .WithName("AdminHookPage")
            .WithSummary("Show a hook, and what it was sent");
        hooks
            .MapPost("/{hook}", ChangeAsync)
            .WithName("AdminChangeHook")
            .WithSummary("Send a hook's events to another address")
            .NeedsRecentSignIn();
        hooks.MapPost("/{hook}/retry", RetryAsync).WithName("AdminRetryHook").WithSummary("Send a hook now what waits for it");
        hooks.MapPost("/{hook}/test", TestAsync).WithName("AdminTestHook").WithSummary("Send a hook an event that is a test");
        hooks
            .MapPost("/{hook}/secret", RotateAsync)
            .WithName("AdminRotateHookSecret")
            .WithSummary("Give a hook another secret")
            .NeedsRecentSignIn();
        hooks.MapPost("/{hook}/delete", DeleteAsync).WithName("AdminDeleteHook").WithSummary("Delete a hook").NeedsRecentSignIn();
        hooks.MapPost("/{hook}/deliveries/{delivery}", ReplayAsync).WithName("AdminReplayDelivery").WithSummary("Send a delivery again");
    }

    private static string UrlOf(AdminPageContext context) => $"{context.SiteUrl}/hooks";

    private static async Task<IResult> ListAsync(AdminPageContext context, HookStore hooks, CancellationToken ct) =>
        context.Show<HooksPage>(
            (
                nameof(HooksPage.Rows),
                (await hooks.PageOfSitesAsync([context.SiteId], failing: false, after: null, HookStore.MaxPerSite, ct)).ConvertAll(
                    state => HookRow.Of(state, ShowHook.Whole(context))
                )
            )
        );

    private static IResult LookAtNew(AdminPageContext context) => ShowNew(context, AskedHook.Empty, why: null);

    private static async Task<IResult> AddAsync(
        PageForm form,
        AdminPageContext context,
        HookStore hooks,
        IValidator<AddHook.Request> validator,
        AuditLog audit,
        ShowHook show,
        CancellationToken ct
    )
    {
        var asked = new AskedHook(form["url"] ?? "", [.. form.All("event")], form["signed"] is not null);
        var secret = asked.IsSigned ? WebhookSignature.NewSecret() : null;
        var request = new AddHook.Request(string.Join(',', asked.Events), asked.Url, secret);
        if (asked.Events.Count == 0)
        {
            return ShowNew(context, asked, Refusal.Invalid(T("Choose at least one event.")));
        }

        if (validator.Validate(request) is { IsValid: false } wrong)
        {
            var errors = wrong.Errors.Select(error => error.ErrorMessage).Distinct();
            return ShowNew(context, asked, Refusal.Invalid(string.Join(" ", errors)));
        }

        if (AddHook.NotEnabled(context.Site!, request.Event!) is { } refusal)
        {
            return ShowNew(context, asked, refusal);
        }

        var stored = secret is null ? null : hooks.Seal(secret);
        var outcome = await audit.RecordAsync(
            () => hooks.AddAsync(context.SiteId, request.Event!, request.Url!, stored, ct),
            done => done is Subscribed.Added { Hook: var made } ? Recorded(context, made, "hook.added") : null,
            ct
        );
        return outcome switch
        {
            Subscribed.Added { Hook: var hook } => await show.ShowAsync(context, hook, null, null, secret, ct),
            Subscribed.Known => ShowNew(context, asked, AddHook.Exists),
            _ => ShowNew(context, asked, AddHook.TooMany),
        };
    }

    private static IResult ShowNew(AdminPageContext context, AskedHook asked, Refusal? why)
    {
        var page = context.Show<NewHookPage>(
            (nameof(NewHookPage.Asked), asked),
            (
                nameof(NewHookPage.Events),
                EventTypes.All.Where(type => type != EventTypes.SubmissionReceived || context.Site!.TellSubmissions).ToList()
            ),
            (nameof(NewHookPage.Error), why?.Message)
        );
        page.StatusCode = AdminPages.StatusOf(why);
        return page;
    }

    private static async Task<IResult> LookAsync(
        string hook,
        string? state,
        string? after,
        AdminPageContext context,
        HookStore hooks,
        ShowHook show,
        CancellationToken ct
    ) =>
        await FindAsync(hook, context, hooks, ct) is { } found
            ? await show.ShowAsync(context, found, state, PublicId.Parse(PublicId.Delivery, after), secret: null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> ChangeAsync(
        string hook,
        PageForm form,
        AdminPageContext context,
        HookStore hooks,
        IValidator<ChangeHook.Request> validator,
        AuditLog audit,
        SiteFindings findings,
        FormVersions versions,
        ShowHook show,
        CancellationToken ct
    )
    {
        if (await FindAsync(hook, context, hooks, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var (url, secret) = (form["url"] ?? "", form["secret"] is null ? null : WebhookSignature.NewSecret());
        if (validator.Validate(new ChangeHook.Request(url)) is { IsValid: false } wrong)
        {
            var errors = wrong.Errors.Select(error => error.ErrorMessage).Distinct();
            return await show.ShowAsync(context, found, null, null, secret: null, ct, Refusal.Invalid(string.Join(" ", errors)), form);
        }

        if (await versions.ErrorAsync(form, ShowHook.StoredOf(found), context.SiteId, hook, ct) is { } stale)
        {
            return await show.ShowAsync(context, found, null, null, secret: null, ct, stale, form);
        }

        var stored = secret is null ? null : hooks.Seal(secret);
        var changed = await audit.RecordAsync(
            () => hooks.ChangeAsync(found, url, stored, ct),
            outcome => outcome.IsRefused(out _, out var done) ? null : Recorded(context, done, "hook.changed"),
            ct
        );
        await findings.LookAsync(context.Site!, FindingKind.Hook, ct);
        return changed.IsRefused(out var why, out var now) ? await show.ShowAsync(context, found, null, null, secret: null, ct, why, form)
            : secret is null ? AdminPageContext.Go($"{UrlOf(context)}/{hook}", AdminNotices.HookChanged)
            : await show.ShowAsync(context, now, null, null, secret, ct);
    }

    private static async Task<IResult> RetryAsync(
        string hook,
        AdminPageContext context,
        HookStore hooks,
        AuditLog audit,
        SiteFindings findings,
        CancellationToken ct
    )
    {
        if (await FindAsync(hook, context, hooks, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        await audit.RecordAsync(
            () => hooks.SendWaitingAsync(found, ct),
            count => count > 0 ? Recorded(context, found, "hook.retried") : null,
            ct
        );
        await findings.LookAsync(context.Site!, FindingKind.Hook, ct);
        return AdminPageContext.Go($"{UrlOf(context)}/{hook}", AdminNotices.HookRetried);
    }

    private static async Task<IResult> TestAsync(
        string hook,
        AdminPageContext context,
        HookStore hooks,
        TestHook test,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (await FindAsync(hook, context, hooks, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        await db.WriteAsync(() => test.SendAsync(found, ct), ct);
        return AdminPageContext.Go($"{UrlOf(context)}/{hook}", AdminNotices.HookTested);
    }

    private static async Task<IResult> RotateAsync(
        string hook,
        PageForm form,
        AdminPageContext context,
        HookStore hooks,
        AuditLog audit,
        FormVersions versions,
        ShowHook show,
        CancellationToken ct
    )
    {
        if (await FindAsync(hook, context, hooks, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        if (await versions.ErrorAsync(form, ShowHook.StoredOf(found), context.SiteId, hook, ct) is { } stale)
        {
            return await show.ShowAsync(context, found, null, null, secret: null, ct, stale);
        }

        var secret = WebhookSignature.NewSecret();
        var stored = hooks.Seal(secret);
        var done = await audit.RecordAsync(
            () => hooks.SetSecretAsync(found, stored, ct),
            done => done ? Recorded(context, found, "hook.secret_rotated") : null,
            ct
        );
        return done && await FindAsync(hook, context, hooks, ct) is { } now
            ? await show.ShowAsync(context, now, null, null, secret, ct)
            : AdminAnswers.NotFound();
    }

    private static async Task<IResult> DeleteAsync(
        string hook,
        AdminPageContext context,
        HookStore hooks,
        AuditLog audit,
        SiteFindings findings,
        CancellationToken ct
    )
    {
        if (await FindAsync(hook, context, hooks, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        await audit.RecordAsync(
            () => hooks.EndAsync(context.SiteId, found.Id, ct),
            done => done ? Recorded(context, found, "hook.deleted") : null,
            ct
        );
        await findings.LookAsync(context.Site!, FindingKind.Hook, ct);
        return AdminPageContext.Go(UrlOf(context), AdminNotices.HookDeleted);
    }

    private static async Task<IResult> ReplayAsync(
        string hook,
        string delivery,
        AdminPageContext context,
        HookStore hooks,
        DeliveryReader deliveries,
        ReplayDelivery replay,
        AuditLog audit,
        CancellationToken ct
    )
    {
        if (
            await FindAsync(hook, context, hooks, ct) is not { } found
            || await deliveries.FindAsync(context.SiteId, PublicId.Parse(PublicId.Delivery, delivery), ct) is not { } row
            || row.HookId != found.Id
        )
        {
            return AdminAnswers.NotFound();
        }

        await audit.RecordAsync(
            () => replay.ReplayAsync(row.Id, ct),
            done => done ? new(context.SiteId, context.User.Actor, "delivery.replayed", delivery) : null,
            ct
        );
        return AdminPageContext.Go($"{UrlOf(context)}/{hook}", AdminNotices.DeliveryReplayed);
    }

    private static Task<Hook?> FindAsync(string hook, AdminPageContext context, HookStore hooks, CancellationToken ct) =>
        hooks.FindAsync(context.SiteId, PublicId.Parse(PublicId.Hook, hook), ct);

    private static AuditedChange Recorded(AdminPageContext context, Hook hook, string action) =>
        new(context.SiteId, context.User.Actor, action, PublicId.Format(PublicId.Hook, hook.Id));
}

/// <summary>Shows one hook with what it was sent.</summary>
internal sealed class ShowHook(DeliveryReader deliveries, HookStore hooks)
{
    private const int PageSize = 50;

    /// <summary>An address may hold a secret of the receiver's, which who only looks does not see.</summary>
    public static bool Whole(AdminPageContext context) => context.User.Access.May(context.SiteId, SiteRights.Manage);

    /// <summary>All that its forms are about.</summary>
    public static object StoredOf(Hook hook) => hook.Changeable();

    /// <param name="state">The state of the deliveries that are shown; null for all.</param>
    /// <param name="secret">Shown this once.</param>
    /// <param name="form">What was typed, where it was refused.</param>
    public async Task<IResult> ShowAsync(
        AdminPageContext context,
        Hook hook,
        string? state,
        Guid? after,
        string? secret,
        CancellationToken ct,
        Refusal? why = null,
        PageForm? form = null
    )
    {
        var states = Enum.GetValues<DeliveryState>().Where(one => CaseConverter.Lower(one.ToString()) == state).ToArray();
        var read = await deliveries.PageAsync(
            hook.Id,
            states.Length > 0 ? states : Enum.GetValues<DeliveryState>(),
            after,
            PageSize + 1,
            ct
        );
        var page = context.Show<HookPage>(
            (nameof(HookPage.Row), HookRow.Of(hook, Whole(context))),
            (nameof(HookPage.Deliveries), read.Take(PageSize).Select(DeliveryRow.Of).ToList()),
            (nameof(HookPage.State), states.Length > 0 ? state : null),
            (nameof(HookPage.States), Enum.GetNames<DeliveryState>().Select(CaseConverter.Lower).ToList()),
            (nameof(HookPage.Next), read.Count > PageSize ? PublicId.Format(PublicId.Delivery, read[PageSize - 1].Delivery.Id) : null),
            (nameof(HookPage.Secret), secret),
            (nameof(HookPage.Version), FormVersions.Again(StoredOf(hook), form, why)),
            (nameof(HookPage.Typed), form?["url"] ?? hook.Url),
            (nameof(HookPage.Open), await hooks.CountOpenAsync(hook.Id, ct)),
            (nameof(HookPage.Error), why?.Message)
        );
        page.StatusCode = AdminPages.StatusOf(why);
        return page;
    }
}
