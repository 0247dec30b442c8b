using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Mail.Postmark;

/// <summary>The part of Postmark's API that sends mails.</summary>
[Headers("Accept: application/json")]
internal interface IPostmarkApi
{
    /// <summary>200 with <c>ErrorCode</c> 0, or 422 with another one.</summary>
    [Post("/email")]
    Task<HttpResponseMessage> SendAsync(
        [Header("X-Postmark-Server-Token")] string token,
        [Body(buffered: true)] PostmarkMessage body,
        CancellationToken ct
    );

    /// <summary>The server that the token belongs to.</summary>
    [Get("/server")]
    Task<HttpResponseMessage> ReadServerAsync([Header("X-Postmark-Server-Token")] string token, CancellationToken ct);
}

/// <param name="From">Name and address, as is <paramref name="To"/>.</param>
/// <param name="Metadata">Comes back with each event.</param>
/// <param name="TrackLinks"><c>None</c>, whatever the server's setting is.</param>
internal sealed record PostmarkMessage(
    [property: JsonPropertyName("From")] string From,
    [property: JsonPropertyName("To")] string To,
    [property: JsonPropertyName("ReplyTo")] string? ReplyTo,
    [property: JsonPropertyName("Subject")] string Subject,
    [property: JsonPropertyName("TextBody")] string Text,
    [property: JsonPropertyName("HtmlBody")] string Html,
    [property: JsonPropertyName("Headers")] IReadOnlyList<PostmarkHeader> Headers,
    [property: JsonPropertyName("Metadata")] IReadOnlyDictionary<string, string> Metadata,
    [property: JsonPropertyName("MessageStream")] string? MessageStream,
    [property: JsonPropertyName("TrackOpens")] bool TrackOpens = false,
    [property: JsonPropertyName("TrackLinks")] string TrackLinks = "None"
);

internal sealed record PostmarkHeader(
    [property: JsonPropertyName("Name")] string Name,
    [property: JsonPropertyName("Value")] string Value
);
