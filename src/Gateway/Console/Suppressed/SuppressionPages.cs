using Gateway.Console.Contacts;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;

namespace Gateway.Console.Suppressed;

/// <summary>
/// /admin/sites/{site}/suppressions — who is not written to, also whoever is no contact any more: looked up, added, lifted. Only hashes of
/// the addresses are kept, so each is typed; none stands in a URL.
/// </summary>
internal static class SuppressionPages
{
    private const int MaxCounted = 10_000;

    /// <summary>What somebody may say of an address, as the form names it.</summary>
    private static readonly Dictionary<string, SuppressionReason> Reasons = new()
    {
        ["asked"] = SuppressionReason.Unsubscribed,
        ["bounced"] = SuppressionReason.Bounced,
        ["complained"] = SuppressionReason.Complained,
    };

    public static void MapSite(RouteGroupBuilder site)
    {
        var group = site.MapGroup("/suppressions");
        group.MapMethods("", AdminPages.Look, LookAsync).WithName("AdminSuppressionsPage").WithSummary("Show who is not written to");
        group
            .MapPost("", FindAsync)
            .WithName("AdminFindSuppression")
            .WithSummary("Show whether an address is written to")
            .Needs(SiteRights.See);
        group.MapPost("/add", AddAsync).WithName("AdminSuppress").WithSummary("Write to an address no more");
        group.MapPost("/lift", LiftAsync).WithName("AdminLiftSuppression").WithSummary("Let an address be written to again");
    }

    /// <summary>
    /// What somebody may lift: a complaint says that the site wrote to people who did not want it, so it is for operators.
    /// </summary>
    public static NoContactReason[] MayLift(AdminPageContext context) =>
        context.User.Access.IsOperator
            ? [NoContactReason.Cancelled, NoContactReason.Bounced, NoContactReason.Complained]
            : [NoContactReason.Cancelled, NoContactReason.Bounced];

    private static Task<IResult> LookAsync(AdminPageContext context, ShowSuppressed show, CancellationToken ct) =>
        show.ShowAsync(context, typed: null, error: null, ct);

    private static Task<IResult> FindAsync(PageForm form, AdminPageContext context, ShowSuppressed show, CancellationToken ct) =>
        show.ShowAsync(context, form["email"] ?? "", error: null, ct);

    private static async Task<IResult> AddAsync(
        PageForm form,
        AdminPageContext context,
        SuppressAddress suppress,
        ShowSuppressed show,
        CancellationToken ct
    )
    {
        var (typed, note) = (form["email"] ?? "", form["note"]);
        if (EmailAddress.Parse(typed) is not { } address)
        {
            return await show.ShowAsync(context, typed, error: null, ct);
        }

        if (!Reasons.TryGetValue(form["reason"] ?? "", out var reason))
        {
            return await show.ShowAsync(context, typed, "Choose a reason of the menu.", ct);
        }

        if (LiftRefusal.ErrorOf(note) is not null)
        {
            return await show.ShowAsync(context, typed, "Say in at most 500 characters how you know, without line breaks.", ct);
        }

        await suppress.AddAsync(context.SiteId, address, reason, note!, context.User.Actor, ct);
        return AdminPageContext.Go($"{context.SiteUrl}/suppressions", AdminNotices.Suppressed);
    }

    private static async Task<IResult> LiftAsync(
        PageForm form,
        AdminPageContext context,
        LiftRefusal refusals,
        ShowSuppressed show,
        CancellationToken ct
    )
    {
        var (typed, reason) = (form["email"] ?? "", form["reason"]);
        if (EmailAddress.Parse(typed) is not { } address)
        {
            return await show.ShowAsync(context, typed, error: null, ct);
        }

        if (LiftRefusal.ErrorOf(reason) is { } error)
        {
            return await show.ShowAsync(context, typed, error, ct);
        }

        var lifted = await refusals.LiftAsync(context.SiteId, address, MayLift(context), reason!, context.User.Actor, ct);
        return lifted.Count == 0
            ? await show.ShowAsync(
                context,
                typed,
                "Nothing was lifted. Only an operator lifts a complaint, and only the person's own confirmation an unsubscribe.",
                ct
            )
            : AdminPageContext.Go($"{context.SiteUrl}/suppressions", AdminNotices.SuppressionLifted);
    }

    /// <summary>Shows the page, with what is known of the address that was typed.</summary>
    internal sealed class ShowSuppressed(LiftRefusal refusals, Suppressions suppressions, ContactStore contacts)
    {
        /// <param name="typed">Null when nothing was.</param>
        public async Task<IResult> ShowAsync(AdminPageContext context, string? typed, string? error, CancellationToken ct)
        {
            var address = EmailAddress.Parse(typed);
            error ??= typed is not null && address is null ? AddressRules.Error("This", typed) : null;
            var counts = await suppressions.CountAsync(context.SiteId, MaxCounted, ct);
            var standing = address is null ? null : await refusals.FindAsync(context.SiteId, address, ct);
            var contact = address is null ? null : await contacts.FindAsync(context.SiteId, address, ct);
            var page = context.Show<SuppressionsPage>(
                (nameof(SuppressionsPage.Bounced), counts.GetValueOrDefault(SuppressionReason.Bounced)),
                (nameof(SuppressionsPage.Complained), counts.GetValueOrDefault(SuppressionReason.Complained)),
                (nameof(SuppressionsPage.Typed), typed),
                (nameof(SuppressionsPage.Standing), standing?.Select(StandingRow.Of).Distinct().ToList()),
                (nameof(SuppressionsPage.Contact), contact is null ? null : PublicId.Format(PublicId.Contact, contact.Id)),
                (nameof(SuppressionsPage.Error), error)
            );
            page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
            return page;
        }
    }
}
