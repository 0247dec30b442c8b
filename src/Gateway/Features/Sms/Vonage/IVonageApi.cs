using System.Text.Json;
using Refit;

namespace Gateway.Features.Sms.Vonage;

/// <summary>Vonage's Messages API, version 1, and the account's applications. Members are written in snake_case.</summary>
internal interface IVonageApi
{
    /// <param name="token">Of <see cref="VonageToken"/>.</param>
    [Post("/v1/messages")]
    Task<HttpResponseMessage> SendAsync([Authorize] string token, [Body(buffered: true)] VonageSend message, CancellationToken ct);

    /// <param name="credentials">The account's key and secret, as Basic has them.</param>
    [Get("/v2/applications/{id}")]
    Task<HttpResponseMessage> ReadApplicationAsync(string id, [Authorize("Basic")] string credentials, CancellationToken ct);
}

/// <summary>The part of Vonage's Account API that tells the balance. It takes its credentials from the query.</summary>
internal interface IVonageAccountApi
{
    [Get("/account/get-balance")]
    Task<HttpResponseMessage> ReadBalanceAsync(
        [AliasAs("api_key")] string apiKey,
        [AliasAs("api_secret")] string apiSecret,
        CancellationToken ct
    );
}

/// <param name="To">Digits without +, as is <paramref name="From"/> where it is a number.</param>
/// <param name="ClientRef">Ours, at most 100 characters; it comes back in receipts and stands on Vonage's pages.</param>
/// <param name="WebhookUrl">Where receipts of this very message are told.</param>
internal sealed record VonageSend(string To, string From, string Text, string ClientRef, string WebhookUrl, VonageSend.Encoding Sms)
{
    public string MessageType { get; } = "text";

    public string Channel { get; } = "sms";

    public string WebhookVersion { get; } = "v1";

    /// <param name="EncodingType"><c>text</c> for GSM-7, <c>unicode</c> for UCS-2.</param>
    internal sealed record Encoding(string EncodingType);
}

internal sealed record VonageTaken(string? MessageUuid);

/// <summary>A refusal, as RFC 9457 has it.</summary>
/// <param name="Type">An address that ends with the code: <c>…/api-errors/messages#1120</c>.</param>
/// <param name="Title">Words, or the code.</param>
internal sealed record VonageProblem(string? Type, string? Title, IReadOnlyList<VonageProblem.Field>? InvalidParameters = null)
{
    internal sealed record Field(string? Name);
}

/// <summary>What becomes of a message, as a webhook tells it.</summary>
/// <param name="Status"><c>submitted</c>, <c>delivered</c>, <c>rejected</c> or <c>undeliverable</c>.</param>
internal sealed record VonageStatus(string? MessageUuid, string? Status, VonageProblem? Error = null, VonageStatus.Cost? Usage = null)
{
    /// <param name="Price">A decimal number, mostly as text.</param>
    internal sealed record Cost(JsonElement Price, string? Currency);
}

/// <param name="From">Digits without +, as is <paramref name="To"/>.</param>
internal sealed record VonageReply(string? MessageUuid, string? Channel, string? From, string? To, string? Text);

/// <param name="Value">In euros.</param>
/// <param name="AutoReload">Whether Vonage tops it up by itself.</param>
internal sealed record VonageBalance(decimal? Value, bool AutoReload);

internal sealed record VonageApplication(VonageApplication.KeyPair? Keys)
{
    /// <param name="PublicKey">PEM.</param>
    internal sealed record KeyPair(string? PublicKey);
}

/// <summary>How Vonage writes JSON.</summary>
internal static class VonageJson
{
    public static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <returns>Null when it cannot be understood.</returns>
    public static T? Read<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Wire);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
