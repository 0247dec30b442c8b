using System.Globalization;
using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Features.OptIn;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Console.Lists;

/// <summary>
/// …/lists/{list}/members — who is on a list: read in pages, found by address, downloaded; and who stands another way there, such as those
/// who were asked and have not answered, who can be asked again.
/// </summary>
internal static class MemberPages
{
    private const int PageSize = 100;

    /// <summary>Later than this nobody waits any more: their time is over.</summary>
    private const int MaxDays = 6;

    private const int UsualDays = 2;

    /// <summary>What the button of the decision sends.</summary>
    private const string Resend = "resend";

    public static void Map(RouteGroupBuilder lists)
    {
        lists.MapMethods("/{list}/members", AdminPages.Look, LookAsync).WithName("AdminMembersPage").WithSummary("Show who is on a list");
        lists
            .MapMethods("/{list}/members/{status}", AdminPages.Look, LookAtOthersAsync)
            .WithName("AdminMembersByStatusPage")
            .WithSummary("Show who stands another way on a list, such as who was asked to confirm");
        lists
            .MapPost("/{list}/members", FindAsync)
            .WithName("AdminFindMember")
            .WithSummary("Find somebody on a list by their address")
            .Needs(SiteRights.See);
        lists
            .MapMethods("/{list}/members.csv", AdminPages.Look, DownloadAsync)
            .WithName("AdminMembersCsv")
            .WithSummary("Download who is on a list")
            .Needs(SiteRights.Manage)
            .NeedsRecentSignIn("members");
        lists
            .MapMethods("/{list}/resend", AdminPages.Look, LookAtResendAsync)
            .WithName("AdminResendConfirmationsPage")
            .WithSummary("Say how many would be asked again to confirm")
            .Needs(SiteRights.Manage);
        lists
            .MapPost("/{list}/resend", ResendAsync)
            .WithName("AdminResendConfirmations")
            .WithSummary("Ask everybody again who got one confirmation email and has not answered");
    }

    public static string UrlOf(AdminPageContext context, ContactList list) =>
        $"{ListsPages.UrlOf(context)}/{PublicId.Format(PublicId.List, list.Id)}/members";

    private static async Task<IResult> LookAsync(
        string list,
        string? after,
        AdminPageContext context,
        ListStore lists,
        ListMembers members,
        CancellationToken ct
    ) =>
        await lists.FindAsync(context.SiteId, list, ct) is { } found
            ? await ShowAsync(context, found, members, MemberPlace.Parse(after), typed: null, error: null, ct)
            : AdminAnswers.NotFound();

    private static async Task<IResult> LookAtOthersAsync(
        string list,
        string status,
        string? after,
        AdminPageContext context,
        ListStore lists,
        ListMembers members,
        SignUps signUps,
        HygieneRounds rounds,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (
            MemberStatus.Parse(status) is not { } state
            || state == SubscriptionState.Confirmed
            || await lists.FindAsync(context.SiteId, list, ct) is not { } found
        )
        {
            return AdminAnswers.NotFound();
        }

        Guid? start = Guid.TryParseExact(after, "N", out var id) ? id : null;
        var read = await members.OthersAsync(found, state, start, PageSize + 1, ct);
        var page = read.Take(PageSize).ToList();
        var isPending = state == SubscriptionState.Pending;
        var since = isPending ? await signUps.AskedSinceAsync(page.ConvertAll(one => one.SubscriptionId), ct) : [];
        var running = isPending ? await rounds.RunningAsync(found.Id, HygieneDecision.Resend, ct) : null;
        return context.Show<OthersPage>(
            (nameof(OthersPage.List), ListPlace.Of(context, found)),
            (nameof(OthersPage.Status), status),
            (
                nameof(OthersPage.Rows),
                page.ConvertAll(one =>
                    OtherRow.Of(one, since.GetValueOrDefault(one.SubscriptionId, one.Since), clock.GetUtcNow().UtcDateTime)
                )
            ),
            (nameof(OthersPage.Next), read.Count > PageSize ? MemberStatus.PlaceAfter(page[^1]) : null),
            (nameof(OthersPage.IsFirst), start is null),
            (nameof(OthersPage.AskedAgain), running?.Done)
        );
    }

    /// <summary>No address stands in a URL, so this is a form.</summary>
    private static async Task<IResult> FindAsync(
        string list,
        PageForm form,
        AdminPageContext context,
        ListStore lists,
        ListMembers members,
        ContactStore contacts,
        SubscriptionStore subscriptions,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var typed = form["email"] ?? "";
        if (EmailAddress.Parse(typed) is not { } address)
        {
            return await ShowAsync(context, found, members, after: null, typed, AddressRules.Error("This", typed), ct);
        }

        var contact = await contacts.FindAsync(context.SiteId, address, ct);
        var isOn = contact is not null && (await subscriptions.ConfirmedOfAsync(contact.Id, ct)).Exists(one => one.ListId == found.Id);
        return isOn
            ? AdminPageContext.Go($"{context.SiteUrl}/contacts/{PublicId.Format(PublicId.Contact, contact!.Id)}")
            : await ShowAsync(context, found, members, after: null, typed, "Nobody by this address is on the list.", ct);
    }

    private static async Task<IResult> DownloadAsync(
        string list,
        AdminPageContext context,
        ListStore lists,
        ListMembers members,
        Disclosures disclosures,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        await disclosures.RecordAsync(context, "members.downloaded", list, ct);
        return TypedResults.Stream(output => members.WriteCsvAsync(found, output, ct), CsvFile.MediaType, $"members-{list}.csv");
    }

    private static async Task<IResult> LookAtResendAsync(
        string list,
        string? days,
        AdminPageContext context,
        ListStore lists,
        HygieneRounds rounds,
        CancellationToken ct
    )
    {
        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        var old = DaysOf(days) ?? UsualDays;
        return context.Show<ResendPage>(
            (nameof(ResendPage.List), ListPlace.Of(context, found)),
            (nameof(ResendPage.Days), old),
            (nameof(ResendPage.MaxDays), MaxDays),
            (nameof(ResendPage.People), await rounds.CountAskedOnceAsync(found, old, ct))
        );
    }

    private static async Task<IResult> ResendAsync(
        string list,
        PageForm form,
        AdminPageContext context,
        ListStore lists,
        HygieneRounds rounds,
        CancellationToken ct
    )
    {
        // Without the number that the page named nobody knows whom it spoke of.
        if (form[PageForm.Button] != Resend || DaysOf(form["days"]) is not { } days)
        {
            return AdminAnswers.Stale();
        }

        if (await lists.FindAsync(context.SiteId, list, ct) is not { } found)
        {
            return AdminAnswers.NotFound();
        }

        await rounds.ResendAsync(found, days, context.User.Actor, ct);
        return AdminPageContext.Go($"{UrlOf(context, found)}/pending", AdminNotices.ConfirmationsResent);
    }

    private static int? DaysOf(string? typed) =>
        int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days is >= 1 and <= MaxDays ? days : null;

    private static async Task<RazorComponentResult> ShowAsync(
        AdminPageContext context,
        ContactList list,
        ListMembers members,
        MemberPlace? after,
        string? typed,
        string? error,
        CancellationToken ct
    )
    {
        // One more than asked for tells whether there is another page.
        var read = await members.PageAsync(list, after, PageSize + 1, ct);
        var page = context.Show<MembersPage>(
            (nameof(MembersPage.List), ListPlace.Of(context, list)),
            (
                nameof(MembersPage.Rows),
                read.Take(PageSize)
                    .Select(one => new MemberRow(
                        PublicId.Format(PublicId.Contact, one.ContactId),
                        one.Address,
                        one.Name,
                        one.ConfirmedAt,
                        one.LastSignOn
                    ))
                    .ToList()
            ),
            (nameof(MembersPage.Next), read.Count > PageSize ? MemberPlace.After(read[PageSize - 1]).ToString() : null),
            (nameof(MembersPage.IsFirst), after is null),
            (nameof(MembersPage.Typed), typed),
            (nameof(MembersPage.Error), error)
        );
        page.StatusCode = error is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        return page;
    }
}
