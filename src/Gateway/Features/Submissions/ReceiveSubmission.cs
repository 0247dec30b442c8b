using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Submissions;

/// <summary>
/// POST /v1/sites/{site}/submissions — take one submission in; what it asks for is done by <see cref="ProcessSubmissions"/>.
/// </summary>
internal static class ReceiveSubmission
{
    /// <summary>A body may have 256 KiB.</summary>
    public const int BodyBytes = 256 * 1024;

    /// <param name="Id">The submission's id, <c>sub_…</c>, the same at every retry.</param>
    public sealed record Response(string Id);

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/submissions", HandleAsync)
            .WithMetadata(new BodyLimit(BodyBytes))
            .Validate<SubmissionRequest>()
            .WithName(nameof(ReceiveSubmission))
            .WithSummary("Take in one form submission")
            .ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<Results<Accepted<Response>, ProblemHttpResult>> HandleAsync(
        SubmissionRequest request,
        RawBody body,
        CallingSite site,
        SubmissionInbox inbox,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (http.Request.Headers[WebhookSignature.IdHeader] != request.Key)
        {
            return Problems.Invalid("key", "key must be the same as the header webhook-id.");
        }

        var outcome = await inbox.TakeInAsync(site.Site, request, body.Bytes, ct);
        if (outcome is TakenIn.Stored stored)
        {
            var id = PublicId.Format(PublicId.Submission, stored.Id);
            return TypedResults.Accepted((string?)null, new Response(id));
        }

        return outcome.ToProblem(http);
    }
}

internal static class TakenInAnswers
{
    /// <summary>What the sender is told when a submission was not stored.</summary>
    public static ProblemHttpResult ToProblem(this TakenIn outcome, HttpContext http)
    {
        if (outcome is TakenIn.KeyReused)
        {
            return Problems.KeyReused();
        }

        http.Response.Headers.RetryAfter = "2";
        return Problems.Busy();
    }
}
