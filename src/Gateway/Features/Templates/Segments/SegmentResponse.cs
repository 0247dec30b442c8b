using Gateway.Features.Templates.Api;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Templates.Segments;

/// <summary>A segment as the API answers it.</summary>
/// <param name="Key">How templates name it.</param>
/// <param name="Condition">Who belongs to it.</param>
internal record SegmentResponse(string Id, string Key, string Name, string Condition, DateTime CreatedAt)
{
    public static SegmentResponse Of(Segment segment) =>
        new(PublicId.Format(PublicId.Segment, segment.Id), segment.Key, segment.Name, segment.Condition, segment.CreatedAt);
}

/// <param name="Templates">The ids of the templates that name it in a draft or in what is published.</param>
internal sealed record SegmentDetails(
    string Id,
    string Key,
    string Name,
    string Condition,
    DateTime CreatedAt,
    IReadOnlyList<string> Templates
) : SegmentResponse(Id, Key, Name, Condition, CreatedAt)
{
    public static SegmentDetails Of(Segment segment, IEnumerable<Template> templates) =>
        new(
            PublicId.Format(PublicId.Segment, segment.Id),
            segment.Key,
            segment.Name,
            segment.Condition,
            segment.CreatedAt,
            [.. templates.Select(template => PublicId.Format(PublicId.Template, template.Id))]
        );
}

/// <summary>Why something could not be done with a segment, as an answer.</summary>
internal static class SegmentProblems
{
    public const string Invalid = "segment_invalid";

    public static ProblemHttpResult NoSegment() => Problems.NotFound("segment");

    public static ProblemHttpResult Of(SegmentOutcome outcome) =>
        outcome switch
        {
            SegmentOutcome.Refused refused => Problems.Invalid(refused.Field, refused.Reason),
            SegmentOutcome.Conflict conflict => Problems.Of(StatusCodes.Status409Conflict, conflict.Code, conflict.Reason),
            SegmentOutcome.Invalid invalid => Unusable(invalid),
            _ => NoSegment(),
        };

    private static ProblemHttpResult Unusable(SegmentOutcome.Invalid invalid)
    {
        var error = invalid.Error;
        var problem = Problems.Of(
            StatusCodes.Status400BadRequest,
            Invalid,
            $"{error}",
            new Dictionary<string, string[]> { [error.Part] = [$"Line {error.Line}, column {error.Column}: {error.Message}"] }
        );
        problem.ProblemDetails.Extensions["locations"] = new[] { TemplateErrorLine.Of(error) };
        return problem;
    }
}
