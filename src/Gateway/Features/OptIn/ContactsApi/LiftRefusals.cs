using FluentValidation;
using Gateway.Features.Contacts;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.OptIn.ContactsApi;

/// <summary>
/// POST /v1/contacts/lift — the person says that "this wasn't me" was a mistake, or that their mailbox works again: they may be asked once
/// more. The address stands in the body, since none ever stands in a URL.
/// </summary>
internal static class LiftRefusals
{
    /// <param name="Email">Whose refusal it is.</param>
    /// <param name="Reason">Why it is lifted, at most 500 characters; it is kept in the ledger and in the audit, so leave personal data
    /// out.</param>
    public sealed record Request(string? Email, string? Reason);

    /// <param name="Lifted"><c>cancelled</c> ("this wasn't me") or <c>bounced</c>; empty when nothing of that kind stood in the
    /// way.</param>
    public sealed record Response(IReadOnlyList<string> Lifted);

    public sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(request => request.Email).IsOneAddress();
            RuleFor(request => request.Reason)
                .Custom(
                    (reason, context) =>
                    {
                        if (LiftRefusal.ErrorOf(reason) is { } error)
                        {
                            context.AddFailure(error);
                        }
                    }
                );
        }
    }

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/lift", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(LiftRefusals))
            .WithSummary("Let a person be asked again who cancelled by mistake, or whose mail came back")
            .Answers(StatusCodes.Status403Forbidden, "`suppressed`: the person complained about mail. Only an operator lifts that.");

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> HandleAsync(
        Request request,
        CallingSite site,
        LiftRefusal lift,
        HttpContext http,
        CancellationToken ct
    )
    {
        var address = EmailAddress.Parse(request.Email)!;
        if ((await lift.FindAsync(site.Id, address, ct)).Any(one => one.Reason == NoContactReason.Complained))
        {
            return Problems.Of(NoContactReason.Complained.ToRefusal());
        }

        var lifted = await lift.LiftAsync(
            site.Id,
            address,
            [NoContactReason.Cancelled, NoContactReason.Bounced],
            request.Reason!,
            http.User.FindFirst(CallerClaims.Caller)!.Value,
            ct
        );
        return TypedResults.Ok(new Response([.. lifted.Select(one => CaseConverter.Lower(one.ToString()))]));
    }
}
