using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gateway.Features.Mail.Budgets;
using Gateway.Features.Sites;
using Gateway.Features.Templates;
using Gateway.Features.Templates.BuiltIn;
using Gateway.Infrastructure.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Features.Mail;

/// <summary>POST /v1/messages — take in a transactional mail; <see cref="SendMessages"/> sends it.</summary>
internal static class AcceptMessage
{
    /// <param name="Template">The id or the key of a template, see <c>/v1/templates</c>.</param>
    /// <param name="Variables">What fills the template, as text; a name may be a path, <c>order.number</c>.</param>
    /// <param name="Vars">What fills a template of the site, as JSON with lists and objects; <c>variables</c> is laid over it.</param>
    /// <param name="From">The id of a sender, see <c>/v1/senders</c>; the site's own when left out.</param>
    /// <param name="Language">Of the words that the gateway adds; the site's when left out or not one we have.</param>
    /// <param name="SendAt">ISO 8601 with its zone, up to 30 days ahead; at once when left out.</param>
    /// <param name="Reference">The caller's own word for it, at most 100 characters; it comes back in answers.</param>
    /// <param name="Bulk">Whether it is one of many alike that nobody waits for, such as a newsletter: it waits while the site's brake is
    /// on. False when left out.</param>
    public sealed record Request(
        string? To,
        string? Template,
        IReadOnlyDictionary<string, string?>? Variables,
        string? From,
        string? ReplyTo,
        string? Language,
        string? SendAt,
        string? Reference,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Vars = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Bulk = null
    );

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/", HandleAsync)
            .Validate<Request>()
            .WithName(nameof(AcceptMessage))
            .WithSummary("Send a transactional mail")
            .Answers(
                StatusCodes.Status400BadRequest,
                "`template_invalid`: there is no such template, or it lacks a variable; `errors` names it."
            )
            .Answers(
                StatusCodes.Status403Forbidden,
                "`suppressed`: mail to the address came back or was complained about. `sender_not_allowed`: the site may not send from "
                    + "this address."
            )
            .ProducesProblem(StatusCodes.Status409Conflict)
            .Answers(
                StatusCodes.Status429TooManyRequests,
                "`recipient_limit`: the site sent this mailbox as many mails within an hour as it may. `budget_exceeded`: it sent its "
                    + "mails of a day. Nothing was stored; `Retry-After` says when there is room again."
            );

    private static async Task<Results<Accepted<MessageResponse>, ProblemHttpResult>> HandleAsync(
        Request request,
        IdempotencyKey key,
        CallingSite site,
        TransactionalMail mail,
        PublishedTemplates templates,
        TimeProvider clock,
        HttpContext http,
        CancellationToken ct
    )
    {
        var (fill, errors) = MailTemplate.Find(request.Template) is { } builtIn
            ? OfBuiltIn(builtIn, request)
            : OfSite(request, await templates.OfAsync(site.Id, ct));
        if (fill is null)
        {
            return TemplateInvalid(errors!);
        }

        var now = clock.GetUtcNow().UtcDateTime;
        switch (await mail.TakeInAsync(site.Site, request, fill, key, ct))
        {
            case MailTakenIn.Refused refused:
                return Problems.Of(refused.Why);

            case MailTakenIn.OverLimit { Over: var over }:
                http.Response.Headers.RetryAfter = RateLimits.Seconds(over.Until - now);
                return TooMany(over);

            case MailTakenIn.Accepted accepted:
                if (accepted.IsRepeat)
                {
                    IdempotencyKey.MarkReplayed(http.Response);
                }

                var response = MessageResponse.Of(accepted.Message, now);
                return TypedResults.Accepted($"/v1/messages/{response.Id}", response);

            default:
                throw new UnreachableException();
        }
    }

    private static ProblemHttpResult TooMany(MessageOverLimit over)
    {
        var again =
            $"Nothing was sent. Try again after {over.Until:yyyy-MM-dd HH:mm} UTC, or ask the operator of the gateway to raise it.";
        return over.Limit == MessageLimit.Mailbox
            ? Problems.Of(
                StatusCodes.Status429TooManyRequests,
                "recipient_limit",
                $"This site sent {over.Max} mails to this mailbox within an hour, which is the limit. {again}",
                new Dictionary<string, string[]> { ["to"] = [$"This mailbox got {over.Max} mails of this site within an hour."] }
            )
            : Problems.Of(
                StatusCodes.Status429TooManyRequests,
                "budget_exceeded",
                $"This site sent {over.Max} mails within a day, which is the limit. {again}"
            );
    }

    private static (FilledTemplate? Fill, Dictionary<string, string[]>? Errors) OfBuiltIn(MailTemplate template, Request request) =>
        template.Missing(request.Variables) is { Count: > 0 } missing ? (null, missing)
        : request.Vars is not null ? (null, new() { ["vars"] = [$"The template \"{template.Id}\" takes variables only."] })
        : (
            new(
                template.Id,
                new(template.Known(request.Variables).Select(one => new KeyValuePair<string, JsonNode?>(one.Key, one.Value)))
            ),
            null
        );

    private static (FilledTemplate? Fill, Dictionary<string, string[]>? Errors) OfSite(Request request, SiteTemplates templates)
    {
        if (templates.Find(request.Template, TemplateKind.Email) is not { } template)
        {
            return (
                null,
                new() { ["template"] = ["There is no such template that is published. See /v1/templates?kind=email&published=true."] }
            );
        }

        return CallerVariables.Read(request.Vars, request.Variables).IsRefused(out var why, out var vars)
            ? (null, new() { [why.Field!] = [why.Message] })
            : (new(template.Key, vars), null);
    }

    private static ProblemHttpResult TemplateInvalid(Dictionary<string, string[]> errors) =>
        Problems.Of(
            StatusCodes.Status400BadRequest,
            "template_invalid",
            string.Join(" ", errors.SelectMany(error => error.Value)),
            errors
        );
}
