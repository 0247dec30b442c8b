using Gateway.Features.Sites;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Lists;

/// <summary>POST /v1/lists/{list}/archive and …/restore — a list takes nobody any more, or people can join it again.</summary>
internal static class ArchiveList
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var list = app.MapGroup("/v1/lists/{list}").WithTags("Lists").RequireScope(Scopes.Contacts);
        list.MapPost("/archive", ArchiveAsync)
            .ComparesVersion()
            .TellsVersion()
            .WithName(nameof(ArchiveList))
            .WithSummary("Take nobody on a list any more; who is on it stays");
        list.MapPost("/restore", RestoreAsync)
            .ComparesVersion()
            .TellsVersion()
            .WithName("RestoreList")
            .WithSummary("Bring back a list that was archived");
    }

    /// <param name="list">The list's id, lst_….</param>
    private static Task<Results<Ok<ReadLists.ListResponse>, ProblemHttpResult>> ArchiveAsync(
        string list,
        ListOfSite of,
        ConfigureLists configure,
        AuditLog audit,
        HttpContext http,
        CancellationToken ct
    ) => ChangeAsync(of, archived: true, configure, audit, http, ct);

    /// <param name="list">The list's id, lst_….</param>
    private static Task<Results<Ok<ReadLists.ListResponse>, ProblemHttpResult>> RestoreAsync(
        string list,
        ListOfSite of,
        ConfigureLists configure,
        AuditLog audit,
        HttpContext http,
        CancellationToken ct
    ) => ChangeAsync(of, archived: false, configure, audit, http, ct);

    /// <summary>To do it again changes nothing.</summary>
    private static async Task<Results<Ok<ReadLists.ListResponse>, ProblemHttpResult>> ChangeAsync(
        ListOfSite of,
        bool archived,
        ConfigureLists configure,
        AuditLog audit,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.List is not { } known)
        {
            return Problems.NotFound("list");
        }

        var caller = http.User.FindFirst(CallerClaims.Caller)!.Value;
        var action = archived ? "list.archived" : "list.restored";
        var changed = await audit.RecordAsync(
            () => configure.ArchiveAsync(known.Id, archived, ct),
            outcome =>
                outcome.IsRefused(out _, out _) || (known.ArchivedAt is not null) == archived
                    ? null
                    : new(known.SiteId, caller, action, PublicId.Format(PublicId.List, known.Id)),
            ct
        );
        if (changed.IsRefused(out var why, out var now))
        {
            return Problems.Of(why);
        }

        http.TellVersion(now.Changeable());
        return TypedResults.Ok(ReadLists.ListResponse.Of(now));
    }
}
