using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Mail.Brevo;

/// <summary>The part of Brevo's API that sends mails.</summary>
internal interface IBrevoMailApi
{
    /// <summary>201 with <c>{messageId}</c>.</summary>
    [Post("/v3/smtp/email")]
    Task<HttpResponseMessage> SendAsync([Header("api-key")] string key, [Body(buffered: true)] BrevoMessage body, CancellationToken ct);

    /// <summary>Whose account it is, and what it may send.</summary>
    [Get("/v3/account")]
    Task<HttpResponseMessage> ReadAccountAsync([Header("api-key")] string key, CancellationToken ct);
}

/// <param name="Headers">Headers of the mail, and beside them Brevo's own <c>idempotencyKey</c>, a UUID.</param>
internal sealed record BrevoMessage(
    BrevoPerson Sender,
    IReadOnlyList<BrevoPerson> To,
    BrevoPerson? ReplyTo,
    string Subject,
    [property: JsonPropertyName("textContent")] string Text,
    [property: JsonPropertyName("htmlContent")] string Html,
    IReadOnlyDictionary<string, string> Headers
);

internal sealed record BrevoPerson(string Email, string? Name = null);
