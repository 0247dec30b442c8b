using Gateway.Console.Layout;
using Gateway.Console.SignIn;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Pages;
using Gateway.Infrastructure.Text;

namespace Gateway.Console.Lists;

/// <summary>…/lists/{list}/members — who is on a list: read in pages, found by address, downloaded.</summary>
internal static class MemberPages
{
    private const int PageSize = 100;

    public static void Map(RouteGroupBuilder lists)
    {
        lists.MapMethods("/{list}/members", AdminPages.Look, LookAsync).WithName("AdminMembersPage").WithSummary("Show who is on a list");
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
    }

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

    private static async Task<IResult> ShowAsync(
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
            (nameof(MembersPage.ListName), list.Name),
            (nameof(MembersPage.Url), $"{ListsPages.UrlOf(context)}/{PublicId.Format(PublicId.List, list.Id)}"),
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
