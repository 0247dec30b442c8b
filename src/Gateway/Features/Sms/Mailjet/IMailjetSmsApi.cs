using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Sms.Mailjet;

/// <summary>Mailjet's SMS API, version 4.</summary>
internal interface IMailjetSmsApi
{
    [Post("/v4/sms-send")]
    Task<HttpResponseMessage> SendAsync([Authorize] string token, [Body(buffered: true)] MailjetSend message, CancellationToken ct);

    [Get("/v4/sms/{id}")]
    Task<HttpResponseMessage> ReadAsync(string id, [Authorize] string token, CancellationToken ct);

    /// <summary>Shows no texts.</summary>
    /// <param name="from">Seconds since 1970, as is <paramref name="to"/>.</param>
    [Get("/v4/sms")]
    Task<HttpResponseMessage> ListAsync(
        [Authorize] string token,
        [AliasAs("To")] string recipient,
        [AliasAs("FromTS")] long from,
        [AliasAs("ToTS")] long to,
        CancellationToken ct
    );
}

internal sealed record MailjetSend(string From, string To, string Text);

/// <param name="CreationTS">Seconds since 1970.</param>
/// <param name="SMSCount">Parts, where it is listed.</param>
internal sealed record MailjetMessage(
    string? MessageId,
    string? From,
    MailjetStatus? Status,
    MailjetCost? Cost,
    long? CreationTS,
    int? SMSCount
);

internal sealed record MailjetStatus([property: JsonRequired] int Code, string? Name);

internal sealed record MailjetCost([property: JsonRequired] decimal Value, string? Currency);

internal sealed record MailjetRows([property: JsonRequired] IReadOnlyList<JsonElement> Data);

internal sealed record MailjetError(string? ErrorCode, IReadOnlyList<string>? ErrorRelatedTo);
