using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// POST /v1/segments, PUT and DELETE /v1/segments/{id} — a segment is described, described otherwise, or gone unless a template names it.
/// </summary>
internal static class ChangeSegment
{
    /// <param name="Key">How templates name it: small letters, digits and hyphens. It stays.</param>
    /// <param name="Name">For people; the key when left out.</param>
    /// <param name="Condition">Such as <c>country = "FR" and (member or created within 6 months)</c>.</param>
    public sealed record AddRequest(string? Key, string? Name, string? Condition);

    /// <inheritdoc cref="AddRequest"/>
    public sealed record ChangeRequest(string? Name, string? Condition);

    private const string Invalid = $"`{SegmentProblems.Invalid}`: the condition cannot be read; `locations` says where.";

    public static void Map(IEndpointRouteBuilder segments)
    {
        segments
            .MapPost("/", AddAsync)
            .WithName("AddSegment")
            .WithSummary("Describe a segment of readers")
            .Answers(StatusCodes.Status400BadRequest, Invalid)
            .Answers(StatusCodes.Status409Conflict, "`key_taken`: the site has a segment with this key. `too_many`.");
        segments
            .MapPut("/{id}", ChangeAsync)
            .ComparesVersion()
            .TellsVersion()
            .WithName(nameof(ChangeSegment))
            .WithSummary("Give a segment another name or condition; what is left out stays")
            .Answers(StatusCodes.Status400BadRequest, Invalid);
        segments
            .MapDelete("/{id}", DeleteAsync)
            .ComparesVersion()
            .WithName("DeleteSegment")
            .WithSummary("Delete a segment")
            .Answers(StatusCodes.Status409Conflict, "`in_use`: a template names it in a draft or in what is published.");
    }

    private static async Task<Results<Created<SegmentResponse>, ProblemHttpResult>> AddAsync(
        AddRequest request,
        CallingSite site,
        SegmentStore store,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (
            await store.AddAsync(
                site.Id,
                request.Key ?? "",
                request.Name ?? request.Key ?? "",
                request.Condition ?? "",
                http.User.FindFirst(CallerClaims.Caller)?.Value ?? "",
                ct
            )
                is var outcome
            && outcome is not SegmentOutcome.Done
        )
        {
            return SegmentProblems.Of(outcome);
        }

        var response = SegmentResponse.Of(((SegmentOutcome.Done)outcome).Segment);
        return TypedResults.Created($"/v1/segments/{response.Id}", response);
    }

    private static async Task<Results<Ok<SegmentResponse>, ProblemHttpResult>> ChangeAsync(
        ChangeRequest request,
        SegmentOfSite of,
        SegmentStore store,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Segment is not { } segment)
        {
            return SegmentProblems.NoSegment();
        }

        var outcome = await store.ChangeAsync(
            segment,
            request.Name ?? segment.Name,
            request.Condition ?? segment.Condition,
            of.Caller,
            ct,
            onlyKnown: http.ComparesVersion()
        );
        if (outcome is not SegmentOutcome.Done)
        {
            return SegmentProblems.Of(outcome);
        }

        http.TellVersion(segment.Changeable());
        return TypedResults.Ok(SegmentResponse.Of(segment));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        SegmentOfSite of,
        SegmentStore store,
        CancellationToken ct
    )
    {
        if (of.Segment is not { } segment)
        {
            return SegmentProblems.NoSegment();
        }

        if (await store.DeleteAsync(segment, of.Caller, ct) is var outcome && outcome is not SegmentOutcome.Done)
        {
            return SegmentProblems.Of(outcome);
        }

        return TypedResults.NoContent();
    }
}
