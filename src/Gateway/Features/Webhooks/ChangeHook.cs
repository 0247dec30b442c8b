using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Audit;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Webhooks;

/// <summary>PATCH /v1/hooks/{id} — send events to another address, or sign them with another secret.</summary>
internal static class ChangeHook
{
    private const int BodyBytes = 16 * 1024;

    /// <param name="Url">Where events are sent from now on, also those that wait; null when left out: it stays.</param>
    /// <param name="Secret">Signs deliveries from now on, <c>whsec_…</c>; null when left out: it stays.</param>
    public sealed record Request(string? Url = null, string? Secret = null);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator(IOptions<HooksOptions> options)
        {
            RuleFor(hook => hook)
                .Must(hook => hook.Url is not null || hook.Secret is not null)
                .WithMessage("Name what is to be different: url or secret.");
            RuleFor(hook => hook.Url)
                .Custom(
                    (url, context) =>
                    {
                        if (HookUrl.Error(url!, options.Value) is { } error)
                        {
                            context.AddFailure(error);
                        }
                    }
                )
                .When(hook => hook.Url is not null);
            RuleFor(hook => hook.Secret)
                .Must(secret => secret is null || WebhookSignature.IsSecret(secret))
                .WithMessage("secret is whsec_ and 24 to 64 random bytes in base64.");
        }
    }

    public static readonly Refusal ChangedMeanwhile = new(
        RefusalKind.Conflict,
        Versions.Changed,
        "Somebody else changed this hook at the same moment. Look at it, and change it again."
    );

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPatch("/{id}", HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .Validate<Request>()
            .ComparesVersion()
            .TellsVersion()
            .WithName(nameof(ChangeHook))
            .WithSummary("Send a hook's events to another address, or sign them with another secret")
            .Answers(
                StatusCodes.Status409Conflict,
                "`hook_exists`: there is one with this address and these events. `changed_meanwhile`: somebody else changed it."
            );

    private static async Task<Results<Ok<HookResponse>, ProblemHttpResult>> HandleAsync(
        string id,
        Request request,
        HookOfSite of,
        HookStore hooks,
        AuditLog audit,
        HttpContext http,
        CancellationToken ct
    )
    {
        if (of.Hook is not { } known)
        {
            return Problems.NotFound("hook");
        }

        var secret = request.Secret is null ? null : hooks.Seal(request.Secret);
        var caller = http.User.FindFirst(CallerClaims.Caller)!.Value;
        var changed = await audit.RecordAsync(
            () => hooks.ChangeAsync(known, request.Url ?? known.Url, secret, ct),
            outcome => outcome.IsRefused(out _, out _) ? null : new(known.SiteId, caller, "hook.changed", id),
            ct
        );
        if (changed.IsRefused(out var why, out var hook))
        {
            return Problems.Of(why);
        }

        http.TellVersion(hook.Changeable());
        return TypedResults.Ok(HookResponse.Of(hook));
    }
}
