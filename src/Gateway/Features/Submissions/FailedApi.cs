using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Submissions;

/// <summary>/v1/failed — what failed at the site, alike ones together, and deciding about all of them at once.</summary>
internal static class FailedApi
{
    private const int MaxCause = 100;
    private const int MaxField = 500;

    /// <param name="Items">The most frequent first.</param>
    public sealed record CausesResponse(IReadOnlyList<CauseResponse> Items);

    /// <param name="Cause">Names it; the other calls take it.</param>
    /// <param name="Queue">The queue it failed in: <c>submissions</c>, <c>mail</c>, <c>lists</c>, <c>sms</c> or <c>deliveries</c>.</param>
    /// <param name="Code">Stable, such as <c>mail_failed</c> or <c>unknown_list</c>.</param>
    /// <param name="Reason">As one of them has it, a sentence without personal data.</param>
    /// <param name="Since">When the oldest of them came in; null where that is not known.</param>
    /// <param name="LastAt">When the newest came in.</param>
    /// <param name="MayArriveTwice">Whether it may have been sent already: then a replay must say that it accepts that.</param>
    public sealed record CauseResponse(
        string Cause,
        string Queue,
        string Code,
        string Reason,
        int Count,
        DateTime? Since,
        DateTime? LastAt,
        bool MayArriveTwice
    );

    /// <param name="Cause">As <c>GET /v1/failed</c> names it.</param>
    /// <param name="AcceptTwice">Of a replay: that what may have been sent already may arrive twice.</param>
    /// <param name="Email">Of a replay of submissions: the field of the form to take the address from.</param>
    /// <param name="List">Of a replay of submissions: the list to subscribe to instead, <c>lst_…</c>.</param>
    public sealed record Request(string? Cause, bool AcceptTwice = false, string? Email = null, string? List = null);

    /// <param name="Count">How many it was done with.</param>
    /// <param name="Refused">Of a replay: how many stay as they are.</param>
    /// <param name="Why">Why one of those does, a sentence; null when there is none.</param>
    public sealed record Response(int Count, int Refused = 0, string? Why = null);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.Cause)
                .Must(cause => cause is { Length: > 0 and <= MaxCause })
                .WithMessage("cause is needed: one that GET /v1/failed names.");
            RuleFor(request => request.Email)
                .MaximumLength(MaxField)
                .WithMessage("email is the name of a field of the form, or left out.");
            RuleFor(request => request.List)
                .Must(list => list is null || PublicId.Parse(PublicId.List, list) is not null)
                .WithMessage("list is a list's id, lst_…, or left out.");
        }
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/failed").WithTags("Failed").RequireScope(Scopes.Operate);
        group
            .MapGet("/", ListAsync)
            .WithName("ReadFailed")
            .WithSummary("What failed at the site, by cause")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        group
            .MapPost("/replay", ReplayAsync)
            .Validate<Request>()
            .WithName("ReplayFailed")
            .WithSummary("Try everything again that failed for a cause")
            .Answers(
                StatusCodes.Status409Conflict,
                "`may_arrive_twice`: these may have been sent; `acceptTwice` says to send them again."
            );
        group
            .MapPost("/dismiss", DismissAsync)
            .Validate<Request>()
            .WithName("DismissFailed")
            .WithSummary("Say that everything that failed for a cause needs nothing more; nothing is deleted");
        group
            .MapPost("/restore", RestoreAsync)
            .Validate<Request>()
            .WithName("RestoreFailed")
            .WithSummary("Undo a dismissal: what failed for the cause waits for a decision again");
    }

    /// <param name="dismissed"><c>true</c> shows what was dismissed, instead of what waits for a decision.</param>
    private static async Task<Results<Ok<CausesResponse>, ProblemHttpResult>> ListAsync(
        string? dismissed,
        CallingSite site,
        FailedItems failed,
        CancellationToken ct
    )
    {
        var shown = false;
        return dismissed is not null && !bool.TryParse(dismissed, out shown)
            ? Problems.Invalid("dismissed", "dismissed is true or false.")
            : TypedResults.Ok(
                new CausesResponse([
                    .. (await failed.CausesAsync([site.Id], shown, ct)).Select(one => new CauseResponse(
                        one.Cause,
                        one.Queue,
                        one.Code,
                        one.Reason,
                        one.Count,
                        one.Since,
                        one.LastAt,
                        FailedItem.MayArriveTwice(one.Code)
                    )),
                ])
            );
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> ReplayAsync(
        Request request,
        CallingSite site,
        FailedItems failed,
        HttpContext http,
        CancellationToken ct
    ) =>
        FailedItem.MayArriveTwice(request.Cause!.Split('-')[0]) && !request.AcceptTwice
            ? Problems.Of(
                StatusCodes.Status409Conflict,
                "may_arrive_twice",
                "These may have been sent. Send acceptTwice as true to send them again all the same."
            )
            : Replayed(
                request,
                await failed.ReplayCauseAsync(request.Cause!, new(request.Email, request.List), [site.Id], Actor(http), ct)
            );

    /// <summary>A change that fits none of them is a mistake of whoever asked for it.</summary>
    private static Results<Ok<Response>, ProblemHttpResult> Replayed(Request request, DecidedCause replayed) =>
        replayed is { Done: 0, Refused: 0 } ? Problems.NotFound("cause")
        : replayed is { Done: 0, Why: { } why } && (request.Email ?? request.List) is not null
            ? Problems.Invalid(request.Email is not null ? "email" : "list", why)
        : TypedResults.Ok(new Response(replayed.Done, replayed.Refused, replayed.Why));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> DismissAsync(
        Request request,
        CallingSite site,
        FailedItems failed,
        HttpContext http,
        CancellationToken ct
    ) => Counted(await failed.DismissCauseAsync(request.Cause!, [site.Id], Actor(http), ct));

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> RestoreAsync(
        Request request,
        CallingSite site,
        FailedItems failed,
        HttpContext http,
        CancellationToken ct
    ) => Counted(await failed.RestoreCauseAsync(request.Cause!, [site.Id], Actor(http), ct));

    private static Results<Ok<Response>, ProblemHttpResult> Counted(int count) =>
        count == 0 ? Problems.NotFound("cause") : TypedResults.Ok(new Response(count));

    private static string Actor(HttpContext http) => http.User.FindFirst(CallerClaims.Caller)?.Value ?? "api";
}
