using System.Text.Json;
using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Submissions;

/// <summary>POST /v1/sites/{site}/submissions/batch — take up to 100 submissions in; one bad item never fails the others.</summary>
internal static class ReceiveSubmissionBatch
{
    public sealed record Request(IReadOnlyList<JsonElement>? Items);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator() =>
            RuleFor(request => request.Items)
                .Must(items => items is { Count: > 0 and <= BatchItems.Max })
                .WithMessage($"items holds 1 to {BatchItems.Max} submissions.");
    }

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/submissions/batch", HandleAsync)
            .WithMetadata(new BodyLimit(BatchItems.BodyBytes))
            .Validate<Request>()
            .WithName(nameof(ReceiveSubmissionBatch))
            .WithSummary("Take in up to 100 form submissions");

    private static async Task<Ok<BatchResponse>> HandleAsync(
        Request request,
        CallingSite site,
        SubmissionInbox inbox,
        IValidator<SubmissionRequest> validator,
        HttpContext http,
        CancellationToken ct
    ) =>
        TypedResults.Ok(
            new BatchResponse(await Task.WhenAll(request.Items!.Select(item => TakeInAsync(item, site.Site, inbox, validator, http, ct))))
        );

    private static async Task<BatchResult> TakeInAsync(
        JsonElement item,
        Site site,
        SubmissionInbox inbox,
        IValidator<SubmissionRequest> validator,
        HttpContext http,
        CancellationToken ct
    )
    {
        var (submission, raw, refused) = BatchItems.Read(item, "a submission", ReceiveSubmission.BodyBytes, validator, one => one.Key);
        if (submission is null)
        {
            return refused!;
        }

        var outcome = await inbox.TakeInAsync(site, submission, raw, ct);
        return outcome is TakenIn.Stored stored
            ? new BatchResult(submission.Key, StatusCodes.Status202Accepted, PublicId.Format(PublicId.Submission, stored.Id), null)
            : BatchResult.Refused(submission.Key, outcome.ToProblem(http));
    }
}
