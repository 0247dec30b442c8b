using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Templates.Segments;

/// <summary>GET /v1/segments and /v1/segments/{id} — for whom sections of templates can be.</summary>
internal static class ReadSegments
{
    public static void Map(IEndpointRouteBuilder segments)
    {
        segments
            .MapGet("/", ListAsync)
            .WithName(nameof(ReadSegments))
            .WithSummary("The site's segments")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        segments
            .MapGet("/{id}", ReadAsync)
            .TellsVersion()
            .WithName("ReadSegment")
            .WithSummary("A segment, and the templates that name it");
    }

    private static async Task<Results<Ok<Page<SegmentResponse>>, ProblemHttpResult>> ListAsync(
        [AsParameters] PageQuery page,
        CallingSite site,
        GatewayDb db,
        CancellationToken ct
    )
    {
        if (page.Read(PublicId.Segment).IsRefused(out var why, out var start))
        {
            return Problems.Of(why);
        }

        var (limit, after) = start;

        var rows = await db
            .Segments.AsNoTracking()
            .Where(segment => segment.SiteId == site.Id && (after == null || segment.Id > after.Value))
            .OrderBy(segment => segment.Id)
            .Take(limit + 1)
            .ToListAsync(ct);
        return TypedResults.Ok(Page<SegmentResponse>.Of(rows.ConvertAll(SegmentResponse.Of), limit, segment => segment.Id));
    }

    private static async Task<Results<Ok<SegmentDetails>, ProblemHttpResult>> ReadAsync(
        SegmentOfSite of,
        SegmentUse use,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Segment is not { } segment)
        {
            return SegmentProblems.NoSegment();
        }

        http.TellVersion(segment.Changeable());
        return TypedResults.Ok(SegmentDetails.Of(segment, await use.OfAsync(segment.SiteId, segment.Key, ct)));
    }
}
