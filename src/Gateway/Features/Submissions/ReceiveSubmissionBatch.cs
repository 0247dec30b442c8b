using System.Runtime.InteropServices;
using System.Text.Json;
using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Submissions;

/// <summary>POST /v1/sites/{site}/submissions/batch — take up to 100 submissions in; one bad item never fails the others.</summary>
internal static class ReceiveSubmissionBatch
{
    public const int BodyBytes = 4 * 1024 * 1024;
    private const int MostItems = 100;

    public sealed record Request(IReadOnlyList<JsonElement>? Items);

    public sealed record Response(IReadOnlyList<Result> Results);

    /// <param name="Key">The item's key; null when it could not be read.</param>
    /// <param name="Status">The HTTP status that the item would have got by itself.</param>
    public sealed record Result(string? Key, int Status, string? Id, ProblemDetails? Problem);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(request => request.Items)
            .Must(items => items is { Count: > 0 and <= MostItems }).WithMessage($"items holds 1 to {MostItems} submissions.");
    }

    public static void Map(IEndpointRouteBuilder group) => group
        .MapPost("/submissions/batch", HandleAsync)
        .WithMetadata(new BodyLimit(BodyBytes))
        .Validate<Request>()
        .WithName(nameof(ReceiveSubmissionBatch))
        .WithSummary("Take in up to 100 form submissions");

    private static async Task<Ok<Response>> HandleAsync(
        Request request, CallingSite site, SubmissionInbox inbox, IValidator<SubmissionRequest> validator, HttpContext http, CancellationToken ct) =>
        TypedResults.Ok(new Response(await Task.WhenAll(request.Items!.Select(item => TakeInAsync(item, site.Site, inbox, validator, http, ct)))));

    private static async Task<Result> TakeInAsync(
        JsonElement item, Site site, SubmissionInbox inbox, IValidator<SubmissionRequest> validator, HttpContext http, CancellationToken ct)
    {
        var raw = JsonMarshal.GetRawUtf8Value(item).ToArray();
        if (raw.Length > ReceiveSubmission.BodyBytes)
        {
            return Refused(null, Problems.Of(StatusCodes.Status413PayloadTooLarge, "too_large", $"A submission may have {ReceiveSubmission.BodyBytes / 1024} KiB at the most."));
        }

        SubmissionRequest? parsed;
        try
        {
            parsed = JsonSerializer.Deserialize<SubmissionRequest>(raw, JsonSerializerOptions.Web);
        }
        catch (JsonException unreadable)
        {
            return Refused(null, Problems.Invalid((unreadable.Path ?? "").TrimStart('$').TrimStart('.'), "The JSON cannot be read here: check its syntax and the type of this value."));
        }

        if (parsed is null)
        {
            return Refused(null, Problems.Invalid("", "An item is a submission: a JSON object."));
        }

        if (validator.Validate(parsed) is { IsValid: false } faults)
        {
            return Refused(parsed.Key, Problems.Invalid(faults.ByField()));
        }

        var outcome = await inbox.TakeInAsync(site, parsed, raw, ct);
        return outcome is TakenIn.Stored stored
            ? new Result(parsed.Key, StatusCodes.Status202Accepted, PublicId.Format(PublicId.Submission, stored.Id), null)
            : Refused(parsed.Key, outcome.ToProblem(http));
    }

    private static Result Refused(string? key, ProblemHttpResult problem) => new(key, problem.StatusCode, null, problem.ProblemDetails);
}
