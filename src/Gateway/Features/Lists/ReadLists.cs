using System.Globalization;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Lists;

/// <summary>
/// GET /v1/lists and GET /v1/sites/{site}/lists — a site's lists for the menus of Zapier and of the plugin; GET /v1/lists/{list} — one.
/// </summary>
internal static class ReadLists
{
    private const int Default = 100;
    private const int Max = 1000;

    /// <param name="Next">What to send as <c>after</c> to read on; null at the end.</param>
    public sealed record Response(IReadOnlyList<ListResponse> Items, string? Next);

    /// <inheritdoc cref="Response"/>
    public sealed record SiteResponse(ReadMe.SiteResponse Site, IReadOnlyList<ListResponse> Items, string? Next);

    /// <param name="Provider">Where the list is kept: <c>local</c>, <c>mailjet</c>, <c>brevo</c>.</param>
    /// <param name="ProviderList">Its id there; null for a local list.</param>
    /// <param name="Texts">What people see in its place, by two-letter language, where that has words of its own.</param>
    /// <param name="ArchivedAt">Since when it takes nobody any more, UTC; null while people can join it.</param>
    public sealed record ListResponse(
        string Id,
        string Name,
        string Provider,
        string? ProviderList,
        IReadOnlyDictionary<string, ListText> Texts,
        DateTime? ArchivedAt
    )
    {
        public static ListResponse Of(ContactList list) =>
            new(
                PublicId.Format(PublicId.List, list.Id),
                list.Name,
                list.Provider,
                list.ProviderListId,
                ListText.Read(list.Texts),
                list.ArchivedAt
            );
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/v1/lists", HandleAsync)
            .RequireAuthorization(Policies.Token)
            .WithTags("Lists")
            .WithName(nameof(ReadLists))
            .WithSummary("The site's lists");
        app.MapGet("/v1/lists/{list}", HandleOne)
            .RequireAuthorization(Policies.Token)
            .TellsVersion()
            .WithTags("Lists")
            .WithName("ReadList")
            .WithSummary("One of the site's lists");
        app.MapGroup("/v1/sites/{site}")
            .MapGet("/lists", HandlePluginAsync)
            .RequireAuthorization(Policies.Plugin)
            .WithTags("Lists")
            .WithName(nameof(ReadLists) + "OfSite")
            .WithSummary("The site's lists and name, for its plugin");
    }

    /// <param name="archived">true reads those instead that take nobody any more.</param>
    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        string? limit,
        string? after,
        string? archived,
        CallingSite site,
        ListStore lists,
        CancellationToken ct
    )
    {
        if (archived is not (null or "true" or "false"))
        {
            return Problems.Invalid("archived", "archived is true or false.");
        }

        var read = await ReadAsync(limit, after, archived == "true", site, lists, ct);
        return read.IsRefused(out var why, out var page) ? Problems.Of(why) : TypedResults.Ok(page);
    }

    /// <param name="list">The list's id, lst_….</param>
    private static Results<Ok<ListResponse>, ProblemHttpResult> HandleOne(string list, ListOfSite of, HttpContext http)
    {
        if (of.List is not { } found)
        {
            return Problems.NotFound("list");
        }

        http.TellVersion(found.Changeable());
        return TypedResults.Ok(ListResponse.Of(found));
    }

    private static async Task<Results<Ok<SiteResponse>, ProblemHttpResult>> HandlePluginAsync(
        string? limit,
        string? after,
        CallingSite site,
        ListStore lists,
        CancellationToken ct
    )
    {
        var read = await ReadAsync(limit, after, archived: false, site, lists, ct);
        return read.IsRefused(out var why, out var page)
            ? Problems.Of(why)
            : TypedResults.Ok(new SiteResponse(new(PublicId.Format(PublicId.Site, site.Id), site.Site.Name), page.Items, page.Next));
    }

    /// <param name="limit">A text, so that a wrong one is answered with the name of the field.</param>
    private static async Task<Result<Response>> ReadAsync(
        string? limit,
        string? after,
        bool archived,
        CallingSite site,
        ListStore lists,
        CancellationToken ct
    )
    {
        var count = Default;
        if (
            limit is not null
            && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > Max)
        )
        {
            return Refusal.Invalid("limit", $"limit is a number from 1 to {Max}.");
        }

        var start = PublicId.Parse(PublicId.List, after);
        if (after is not null && start is null)
        {
            return Refusal.Invalid("after", "after is the value of next from the page before.");
        }

        // One more than asked for tells whether there is another page.
        var read = await lists.PageAsync(site.Id, start, count + 1, ct, archived);
        var items = read.Take(count).Select(ListResponse.Of).ToList();
        return new Response(items, read.Count > count ? items[^1].Id : null);
    }
}
