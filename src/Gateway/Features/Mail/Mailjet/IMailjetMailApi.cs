using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Mail.Mailjet;

/// <summary>The part of Mailjet's API that sends mails: Send API v3.1, and what tells of mails and senders.</summary>
internal interface IMailjetMailApi
{
    /// <summary>200, or 400 where one of the messages is refused; each says for itself what became of it.</summary>
    [Post("/v3.1/send")]
    Task<HttpResponseMessage> SendAsync(
        [Authorize("Basic")] string credentials,
        [Body(buffered: true)] MailjetSend body,
        CancellationToken ct
    );

    /// <summary>The mails that were sent with this name of ours.</summary>
    [Get("/v3/REST/message")]
    Task<HttpResponseMessage> FindAsync(
        [Authorize("Basic")] string credentials,
        [AliasAs("CustomID")] string customId,
        CancellationToken ct
    );

    [Get("/v3/REST/sender?Limit=1")]
    Task<HttpResponseMessage> ReadSendersAsync([Authorize("Basic")] string credentials, CancellationToken ct);
}

internal sealed record MailjetSend([property: JsonPropertyName("Messages")] IReadOnlyList<MailjetMessage> Messages);

/// <param name="CustomId">Comes back with each event.</param>
/// <param name="TrackOpens"><c>disabled</c>, whatever the account's setting is.</param>
internal sealed record MailjetMessage(
    [property: JsonPropertyName("From")] MailjetPerson From,
    [property: JsonPropertyName("To")] IReadOnlyList<MailjetPerson> To,
    [property: JsonPropertyName("ReplyTo")] MailjetPerson? ReplyTo,
    [property: JsonPropertyName("Subject")] string Subject,
    [property: JsonPropertyName("TextPart")] string Text,
    [property: JsonPropertyName("HTMLPart")] string Html,
    [property: JsonPropertyName("Headers")] IReadOnlyDictionary<string, string> Headers,
    [property: JsonPropertyName("CustomID")] string CustomId,
    [property: JsonPropertyName("TrackOpens")] string TrackOpens = "disabled",
    [property: JsonPropertyName("TrackClicks")] string TrackClicks = "disabled"
);

internal sealed record MailjetPerson(
    [property: JsonPropertyName("Email")] string Email,
    [property: JsonPropertyName("Name")] string? Name = null
);
