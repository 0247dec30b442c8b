using System.Text.Json;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.Features.Sites;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Features.Sms;

/// <summary>POST /v1/sms — take one transactional SMS in; <see cref="SendSms"/> sends it.</summary>
internal static class ReceiveSms
{
    private const int BodyBytes = 96 * 1024;

    public static void Map(IEndpointRouteBuilder group) =>
        group
            .MapPost("/", HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
            .Validate<SmsRequest>()
            .WithName(nameof(ReceiveSms))
            .WithSummary("Send one transactional SMS to one recipient, once for each Idempotency-Key")
            .Answers(
                StatusCodes.Status400BadRequest,
                "`number_invalid`: no number, or one that takes no SMS. `too_many_parts`: the text takes more than 10 parts. "
                    + "`template_invalid`: there is no such template, or it cannot be filled with these values."
            )
            .Answers(
                StatusCodes.Status403Forbidden,
                "`country_not_allowed`, `range_not_allowed` (satellite and premium numbers), `suppressed` (the owner of the number opted "
                    + "out), `budget_exceeded` (parts a day or a month, euros a day), `price_too_high` (euros for one message), "
                    + "`recipient_limit` (messages to one number within an hour), `sender_not_allowed`, `sms_not_configured`. Nothing was "
                    + "sent."
            )
            .Answers(StatusCodes.Status409Conflict, "`key_reused`: the key was used before for another message.")
            .Answers(
                StatusCodes.Status429TooManyRequests,
                "`templates_busy`: too many templates of the site are being filled; wait for the answers that are open. `too_many_unused`: "
                    + "visitors asked for too many messages that nobody used, where the operator refuses those. Nothing was sent."
            );

    private static async Task<Results<Accepted<SmsDetails>, ProblemHttpResult>> HandleAsync(
        SmsRequest request,
        IdempotencyKey key,
        CallingSite site,
        AcceptSms accept,
        HttpContext http,
        CancellationToken ct
    )
    {
        var taken = await accept.AcceptAsync(site.Id, key.Text, request, ct);
        if (taken.IsRefused(out var why, out var stored))
        {
            return Problems.Of(why);
        }

        if (stored.IsRepeat)
        {
            IdempotencyKey.MarkReplayed(http.Response);
        }

        return TypedResults.Accepted(
            $"/v1/sms/{PublicId.Format(PublicId.Sms, stored.Sms.Id)}",
            SmsDetails.Of(stored.Sms, stored.Note, [])
        );
    }
}

/// <param name="To">E.164, <c>+33612345678</c>; or as dialled within <paramref name="Country"/>.</param>
/// <param name="Text">1 to 1600 characters, at most 10 parts; or else a template.</param>
/// <param name="Sender">An id of GET /v1/senders?channel=sms; without one the account's own.</param>
/// <param name="Country">ISO 3166 letters, for a number without + and country code.</param>
/// <param name="SendAt">Up to 30 days ahead, ISO 8601 with zone; until then it can be cancelled.</param>
/// <param name="Reference">At most 100 characters of the caller's own, shown again in answers and events.</param>
/// <param name="SmartEncoding">Whether typographic characters may become plain ones where that makes the text GSM-7, and so
/// shorter.</param>
/// <param name="Template">The id or the key of a published template of the kind sms, instead of <paramref name="Text"/>.</param>
/// <param name="Vars">What fills the template.</param>
/// <param name="Language">Of the template; the site's when left out.</param>
/// <param name="VisitorIp">The address of the visitor who made the site send it, such as by asking for a code: messages that nobody uses
/// are counted by it. It is kept as a hash.</param>
internal sealed record SmsRequest(
    string? To,
    string? Text,
    string? Sender = null,
    string? Country = null,
    string? SendAt = null,
    string? Reference = null,
    bool SmartEncoding = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Template = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Vars = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Language = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? VisitorIp = null
)
{
    internal sealed class Validator : AbstractValidator<SmsRequest>
    {
        public Validator()
        {
            RuleFor(sms => sms.To)
                .NotEmpty()
                .WithMessage("to is needed: one number, +33612345678. This is for transactional messages: one recipient for each call.");
            RuleFor(sms => sms.To).MaximumLength(100).WithMessage("to holds one number.");
            RuleFor(sms => sms)
                .Custom(
                    (sms, context) =>
                    {
                        if (TextError(sms) is { } error)
                        {
                            context.AddFailure("text", error);
                        }
                    }
                );
            RuleFor(sms => sms.Vars)
                .Must((sms, vars) => vars is null || sms.Template is not null)
                .WithMessage("vars fills a template: name one.");
            RuleFor(sms => sms.Language)
                .MaximumLength(Languages.MaxLength)
                .WithMessage("language is two letters or a locale such as fr_FR.");
            RuleFor(sms => sms.VisitorIp)
                .Must(text => text is null || (text.Length <= 100 && WrittenAddress.Read(text) is not null))
                .WithMessage("visitorIp is an IP address.");
            RuleFor(sms => sms.Sender).Length(1, 50).WithMessage("sender is one of GET /v1/senders?channel=sms.");
            RuleFor(sms => sms.Country).Length(2).WithMessage("country is two letters (ISO 3166), such as FR.");
            RuleFor(sms => sms.Reference)
                .Must(text => text is null || (text.Length <= 100 && !text.Any(char.IsControl)))
                .WithMessage("reference may have 100 characters, without control characters.");
            RuleFor(sms => sms.SendAt)
                .Must(text => text is null || IsoTime.Parse(text) is not null)
                .WithMessage($"sendAt is {IsoTime.Expected}.");
        }

        private static string? TextError(SmsRequest sms) =>
            sms.Template is null ? SmsEncoding.Error(sms.Text)
            : sms.Text is null ? null
            : "Send text or template, not both.";
    }
}
