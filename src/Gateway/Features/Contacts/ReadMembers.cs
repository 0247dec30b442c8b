using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Contacts;

/// <summary>GET /v1/lists/{list}/members — who is on a list, confirmed; or who stands another way there.</summary>
internal static class ReadMembers
{
    private const int Default = 100;
    private const int Max = 1000;

    /// <param name="Next">What to send as <c>after</c> to read on; null at the end.</param>
    public sealed record Response(IReadOnlyList<Member> Items, string? Next);

    /// <param name="Contact">The contact's id, con_….</param>
    /// <param name="Status">As <c>status</c> of a contact's subscription.</param>
    /// <param name="ConfirmedAt">When it was confirmed last.</param>
    /// <param name="LastSignOfLife">The last day, UTC, on which they confirmed, chose what they keep, or followed a link of a mail; null
    /// for who is not on the list.</param>
    /// <param name="Mails">While it is pending: how many confirmation mails were written; else 0.</param>
    /// <param name="LastMailAt">While it is pending: when the last of them was; else null.</param>
    public sealed record Member(
        string Contact,
        string Email,
        string? Name,
        string Language,
        string Status,
        DateTime? ConfirmedAt,
        DateOnly? LastSignOfLife,
        int Mails,
        DateTime? LastMailAt
    );

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/v1/lists/{list}/members", HandleAsync)
            .RequireAuthorization(Policies.Reading(Scopes.Contacts))
            .WithTags("Lists")
            .WithName(nameof(ReadMembers))
            .WithSummary("Who is on a list of the site");

    /// <param name="list">The list's id, lst_….</param>
    /// <param name="limit">How many at most, 1 to 1000; 100 when left out.</param>
    /// <param name="after">The value of <c>next</c> from the page before.</param>
    /// <param name="status">pending, confirmed, unsubscribed, cancelled, expired or removed; confirmed when left out.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string list,
        string? limit,
        string? after,
        string? status,
        CallingSite site,
        ListStore lists,
        ListMembers members,
        CancellationToken ct
    )
    {
        var count = Default;
        if (
            limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > Max)
        )
        {
            return Problems.Invalid("limit", $"limit is a number from 1 to {Max}.");
        }

        if (MemberStatus.Parse(status) is not { } state)
        {
            return Problems.Invalid("status", MemberStatus.Expected);
        }

        if (after is not null && !MemberStatus.IsPlace(state, after))
        {
            return Problems.Invalid("after", "after is the value of next from the page before.");
        }

        if (await lists.FindAsync(site.Id, list, ct) is not { } found)
        {
            return Problems.NotFound("list");
        }

        return TypedResults.Ok(
            state == SubscriptionState.Confirmed
                ? await MembersAsync(found, MemberPlace.Parse(after), count, members, ct)
                : await OthersAsync(found, state, after is null ? null : Guid.ParseExact(after, "N"), count, members, ct)
        );
    }

    private static async Task<Response> MembersAsync(
        ContactList list,
        MemberPlace? start,
        int count,
        ListMembers members,
        CancellationToken ct
    )
    {
        // One more than asked for tells whether there is another page.
        var read = await members.PageAsync(list, start, count + 1, ct);
        var page = read.Take(count).ToList();
        return new(
            page.ConvertAll(one => new Member(
                PublicId.Format(PublicId.Contact, one.ContactId),
                one.Address,
                one.Name,
                one.Language,
                MemberStatus.Word(SubscriptionState.Confirmed),
                one.ConfirmedAt,
                one.LastSignOn,
                Mails: 0,
                LastMailAt: null
            )),
            read.Count > count ? MemberPlace.After(page[^1]).ToString() : null
        );
    }

    private static async Task<Response> OthersAsync(
        ContactList list,
        SubscriptionState state,
        Guid? start,
        int count,
        ListMembers members,
        CancellationToken ct
    )
    {
        var read = await members.OthersAsync(list, state, start, count + 1, ct);
        var page = read.Take(count).ToList();
        var isPending = state == SubscriptionState.Pending;
        return new(
            page.ConvertAll(one => new Member(
                PublicId.Format(PublicId.Contact, one.ContactId),
                one.Address,
                one.Name,
                one.Language,
                MemberStatus.Word(state),
                one.ConfirmedAt,
                LastSignOfLife: null,
                isPending ? one.Mails : 0,
                isPending ? one.LastMailAt : null
            )),
            read.Count > count ? MemberStatus.PlaceAfter(page[^1]) : null
        );
    }
}
