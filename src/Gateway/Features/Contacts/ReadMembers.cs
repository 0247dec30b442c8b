using System.Globalization;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Contacts;

/// <summary>GET /v1/lists/{list}/members — who is on a list, confirmed.</summary>
internal static class ReadMembers
{
    private const int Default = 100;
    private const int Max = 1000;

    /// <param name="Next">What to send as <c>after</c> to read on; null at the end.</param>
    public sealed record Response(IReadOnlyList<Member> Items, string? Next);

    /// <param name="Contact">The contact's id, con_….</param>
    /// <param name="LastSignOfLife">The last day, UTC, on which they confirmed, chose what they keep, or followed a link of a mail.</param>
    public sealed record Member(
        string Contact,
        string Email,
        string? Name,
        string Language,
        DateTime? ConfirmedAt,
        DateOnly LastSignOfLife
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
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string list,
        string? limit,
        string? after,
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

        var start = MemberPlace.Parse(after);
        if (after is not null && start is null)
        {
            return Problems.Invalid("after", "after is the value of next from the page before.");
        }

        if (await lists.FindAsync(site.Id, list, ct) is not { } found)
        {
            return Problems.NotFound("list");
        }

        // One more than asked for tells whether there is another page.
        var read = await members.PageAsync(found, start, count + 1, ct);
        var page = read.Take(count).ToList();
        return TypedResults.Ok(
            new Response(
                page.ConvertAll(one => new Member(
                    PublicId.Format(PublicId.Contact, one.ContactId),
                    one.Address,
                    one.Name,
                    one.Language,
                    one.ConfirmedAt,
                    one.LastSignOn
                )),
                read.Count > count ? MemberPlace.After(page[^1]).ToString() : null
            )
        );
    }
}
