using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Mail;

/// <summary>POST /v1/messages — take in a transactional mail; <see cref="SendMessages"/> sends it.</summary>
internal static class AcceptMessage
{
    /// <param name="Template">The id of a template, see <c>/v1/templates</c>.</param>
    /// <param name="Variables">What fills the template, as text.</param>
    /// <param name="From">The id of a sender, see <c>/v1/senders</c>; the site's own when left out.</param>
    /// <param name="Language">Of the words that the gateway adds; the site's when left out or not one we have.</param>
    /// <param name="SendAt">ISO 8601 with its zone, up to 30 days ahead; at once when left out.</param>
    /// <param name="Reference">The caller's own word for it, at most 100 characters; it comes back in answers.</param>
    public sealed record Request(
        string? To, string? Template, IReadOnlyDictionary<string, string?>? Variables, string? From, string? ReplyTo, string? Language, string? SendAt, string? Reference);

    public static void Map(IEndpointRouteBuilder group) => group
        .MapPost("/", HandleAsync)
        .RequireAuthorization(Policies.Scoped(Scopes.Mail))
        .Validate<Request>()
        .WithName(nameof(AcceptMessage))
        .WithSummary("Send a transactional mail")
        .Answers(StatusCodes.Status400BadRequest, "`template_invalid`: there is no such template, or it lacks a variable; `errors` names it.")
        .Answers(StatusCodes.Status403Forbidden, "`suppressed`: mail to the address came back or was complained about. `sender_not_allowed`: the site may not send from this address.")
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Accepted<MessageView>, ProblemHttpResult>> HandleAsync(
        Request request, IdempotencyKey key, CallingSite site, TransactionalMail mail, TimeProvider clock, HttpContext http, CancellationToken ct)
    {
        if (MailTemplate.Find(request.Template) is not { } template)
        {
            return TemplateInvalid(new() { ["template"] = ["There is no such template. See /v1/templates."] });
        }

        if (template.Missing(request.Variables) is { Count: > 0 } missing)
        {
            return TemplateInvalid(missing);
        }

        var (message, isReplay, problem) = await mail.TakeInAsync(site.Site, request, template, key, ct);
        if (message is null)
        {
            return problem!;
        }

        if (isReplay)
        {
            IdempotencyKey.MarkReplayed(http.Response);
        }

        var view = MessageView.Of(message, clock.GetUtcNow().UtcDateTime);
        return TypedResults.Accepted($"/v1/messages/{view.Id}", view);
    }

    private static ProblemHttpResult TemplateInvalid(Dictionary<string, string[]> errors) =>
        Problems.Of(StatusCodes.Status400BadRequest, "template_invalid", string.Join(" ", errors.SelectMany(error => error.Value)), errors);
}
