using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace Gateway.Features.Sms.Brevo;

/// <summary>The part of Brevo's REST API, version 3, that sends transactional SMS and tells what became of them.</summary>
internal interface IBrevoSmsApi
{
    [Post("/v3/transactionalSMS/send")]
    Task<HttpResponseMessage> SendAsync(
        [Header("api-key")] string apiKey,
        [Body(buffered: true)] BrevoSend message,
        CancellationToken ct
    );

    /// <summary>What happened to messages to one number, newest first. It shows no texts.</summary>
    /// <param name="startDate">A day as <c>2026-11-29</c>, as is <paramref name="endDate"/>.</param>
    [Get("/v3/transactionalSMS/statistics/events?sort=desc")]
    Task<HttpResponseMessage> ReadEventsAsync(
        [Header("api-key")] string apiKey,
        string phoneNumber,
        string startDate,
        string endDate,
        int limit,
        CancellationToken ct
    );

    [Get("/v3/account")]
    Task<HttpResponseMessage> ReadAccountAsync([Header("api-key")] string apiKey, CancellationToken ct);
}

/// <param name="Recipient">Digits without +.</param>
/// <param name="Tag">Ours, one for each send call: it stands in the events, and tells this call's message from all others.</param>
/// <param name="WebUrl">Where what becomes of this very message is told.</param>
internal sealed record BrevoSend(string Sender, string Recipient, string Content, bool UnicodeEnabled, string Tag, string WebUrl)
{
    public string Type { get; } = "transactional";
}

internal sealed record BrevoTaken(long? MessageId);

internal sealed record BrevoError(string? Code, string? Message);

internal sealed record BrevoEvents(IReadOnlyList<JsonElement>? Events);

/// <param name="Event">A word of Brevo's, mostly in the plural: <c>delivered</c>, <c>hardBounces</c>.</param>
internal sealed record BrevoListedEvent(string? MessageId, string? Event, string? Tag)
{
    /// <summary>As Brevo wrote it.</summary>
    [JsonIgnore]
    public string Raw { get; init; } = "";

    /// <returns>Null when it cannot be understood.</returns>
    public static BrevoListedEvent? Of(JsonElement one) =>
        BrevoJson.Read<BrevoListedEvent>(Encoding.UTF8.GetBytes(one.GetRawText())) is { } read
            ? read with
            {
                Raw = one.GetRawText(),
            }
            : null;
}

/// <summary>What a webhook tells of one message.</summary>
/// <param name="MessageId">A number.</param>
/// <param name="Status">A word of Brevo's: <c>delivered</c>, <c>hard_bounce</c>, <c>replied</c>.</param>
/// <param name="Reply">What the recipient answered.</param>
internal sealed record BrevoSmsEvent(
    JsonElement MessageId,
    [property: JsonPropertyName("msg_status")] string? Status,
    string? Reply = null
);

/// <summary>How Brevo writes JSON.</summary>
internal static class BrevoJson
{
    public static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

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
