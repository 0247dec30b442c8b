using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Sms.Twilio;

/// <summary>The part of Twilio's REST API, version 2010-04-01, that sends messages and tells what became of them.</summary>
internal interface ITwilioApi
{
    /// <summary>Takes forms only.</summary>
    [Post("/2010-04-01/Accounts/{account}/Messages.json")]
    Task<HttpResponseMessage> SendAsync(
        string account, [Authorize("Basic")] string credentials, [Body(BodySerializationMethod.UrlEncoded)] TwilioSend message, CancellationToken ct);

    [Get("/2010-04-01/Accounts/{account}/Messages/{sid}.json")]
    Task<HttpResponseMessage> ReadAsync(string account, string sid, [Authorize("Basic")] string credentials, CancellationToken ct);

    /// <summary>The newest first.</summary>
    [Get("/2010-04-01/Accounts/{account}/Messages.json")]
    Task<HttpResponseMessage> ListAsync(
        string account, [Authorize("Basic")] string credentials,
        [AliasAs("To")] string to, [AliasAs("From")] string? from, [AliasAs("PageSize")] int pageSize, CancellationToken ct);
}

/// <summary>One of <paramref name="From"/> and <paramref name="MessagingServiceSid"/>.</summary>
internal sealed record TwilioSend(string To, string? From, string? MessagingServiceSid, string Body, string StatusCallback);

/// <param name="DateCreated">RFC 2822.</param>
/// <param name="Price">Negative, once it is known.</param>
internal sealed record TwilioMessage(
    string? Sid, string? Status, string? Direction, string? Body, string? MessagingServiceSid, string? DateCreated, int? ErrorCode, decimal? Price, string? PriceUnit);

internal sealed record TwilioPage([property: JsonRequired] IReadOnlyList<JsonElement> Messages);

internal sealed record TwilioError(int? Code);
