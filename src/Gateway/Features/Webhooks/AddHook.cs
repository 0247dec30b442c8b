using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Webhooks;

/// <summary>POST /v1/hooks — be told of events from now on.</summary>
internal static class AddHook
{
    private const int BodyBytes = 16 * 1024;
    private const int MaxList = 500;

    /// <param name="Event">A type such as <c>subscription.confirmed</c>, or several separated by commas.</param>
    /// <param name="Url">Where events are told: https, on the public internet.</param>
    /// <param name="Secret">Signs deliveries (Standard Webhooks): <c>whsec_</c> and 24 to 64 bytes in base64.</param>
    public sealed record Request(string? Event, string? Url, string? Secret = null);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator(IOptions<HooksOptions> options)
        {
            RuleFor(hook => hook.Event)
                .NotEmpty()
                .WithMessage($"event is needed: a type such as {EventTypes.SubscriptionConfirmed}, or several separated by commas.")
                .MaximumLength(MaxList)
                .WithMessage($"event may have at most {MaxList} characters.");
            RuleFor(hook => hook.Event)
                .Custom(
                    (names, context) =>
                        Add(
                            context,
                            EventTypes.Split(names!) is []
                                ? "event names a type, or several separated by commas."
                                : EventTypes.Error(names!)
                        )
                )
                .When(hook => hook.Event is { Length: > 0 and <= MaxList });
            RuleFor(hook => hook.Url).NotEmpty().WithMessage("url is needed: an address such as https://hooks.example.org/1.");
            RuleFor(hook => hook.Url)
                .Custom((url, context) => Add(context, HookUrl.Error(url!, options.Value)))
                .When(hook => hook.Url is { Length: > 0 });
            RuleFor(hook => hook.Secret)
                .Must(secret => secret is null || WebhookSignature.IsSecret(secret))
                .WithMessage("secret is whsec_ and 24 to 64 random bytes in base64.");
        }

        private static void Add(ValidationContext<Request> context, string? error)
        {
            if (error is not null)
            {
                context.AddFailure(error);
            }
        }
    }

    /// <summary>On the pages, where nobody who adds one expects to change one that there is.</summary>
    public static readonly Refusal Exists = new(
        RefusalKind.Conflict,
        "hook_exists",
        "There is a hook with this address and these events already. Open it in the list to change it."
    );

    public static readonly Refusal TooMany = new(
        RefusalKind.Conflict,
        "too_many_hooks",
        $"A site can have {HookStore.MaxPerSite} hooks. Delete those that are no longer used."
    );

    /// <returns>Why the site's hooks may not get one of these events; null when they may.</returns>
    public static Refusal? NotEnabled(Site site, string events) =>
        !site.TellSubmissions && EventTypes.Split(events).Contains(EventTypes.SubmissionReceived)
            ? new(
                RefusalKind.Conflict,
                "event_not_enabled",
                "submission.received carries what people typed before they confirm anything. An operator of the gateway can switch it on "
                    + "for this site."
            )
            : null;

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/", HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .Validate<Request>()
            .WithName(nameof(AddHook))
            .WithSummary("Get events as they happen; the same events and address again is the hook that exists")
            .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<HookResponse>, Ok<HookResponse>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        HookStore hooks,
        AuditLog audit,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (NotEnabled(site.Site, request.Event!) is { } refusal)
        {
            return Problems.Of(refusal);
        }

        var sealedSecret = request.Secret is null ? null : hooks.Seal(request.Secret);
        switch (await hooks.AddAsync(site.Id, request.Event!, request.Url!, sealedSecret, ct))
        {
            case Subscribed.Added { Hook: var hook }:
                return TypedResults.Created(ReadHooks.UrlOf(hook), HookResponse.Of(hook));
            case Subscribed.Known { Hook: var hook } when sealedSecret is null:
                return TypedResults.Ok(HookResponse.Of(hook));
            case Subscribed.Known { Hook: var hook }:
                var caller = http.User.FindFirst(CallerClaims.Caller)!.Value;
                var done = await audit.RecordAsync(
                    () => hooks.SetSecretAsync(hook, sealedSecret, ct),
                    done => done ? new(site.Id, caller, "hook.secret_rotated", PublicId.Format(PublicId.Hook, hook.Id)) : null,
                    ct
                );
                return done ? TypedResults.Ok(HookResponse.Of(hook) with { Signed = true }) : Problems.Of(ChangeHook.ChangedMeanwhile);
            default:
                return Problems.Of(TooMany);
        }
    }
}
