using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Mail.Resend;

/// <summary>The part of Resend's API that sends mails.</summary>
internal interface IResendApi
{
    /// <summary>200 with <c>{id}</c>; the same once more for the same key within a day, and nothing is sent again.</summary>
    [Post("/emails")]
    Task<HttpResponseMessage> SendAsync(
        [Authorize] string apiKey,
        [Header("Idempotency-Key")] string idempotencyKey,
        [Body(buffered: true)] ResendMessage body,
        CancellationToken ct
    );

    /// <summary>The domains that may be sent from.</summary>
    [Get("/domains")]
    Task<HttpResponseMessage> ReadDomainsAsync([Authorize] string apiKey, CancellationToken ct);
}

/// <param name="From">Name and address.</param>
internal sealed record ResendMessage(
    string From,
    IReadOnlyList<string> To,
    [property: JsonPropertyName("reply_to")] string? ReplyTo,
    string Subject,
    string Text,
    string Html,
    IReadOnlyDictionary<string, string> Headers
);
