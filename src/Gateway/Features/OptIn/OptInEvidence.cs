using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Features.OptIn;

/// <summary>What was shown to the visitor and typed by them, kept with the request until it is confirmed.</summary>
internal sealed record OptInEvidence
{
    public string? Name { get; init; }
    public IReadOnlyDictionary<string, string?> Properties { get; init; } = new Dictionary<string, string?>();
    public required string ConsentText { get; init; }
    public string? PolicyUrl { get; init; }
    public string? PolicyVersion { get; init; }

    /// <summary>Where the consent was given: <c>form</c>, <c>api</c>.</summary>
    public string Source { get; init; } = "form";

    public string? FormId { get; init; }
    public string? FormTitle { get; init; }
    public string? FormUrl { get; init; }
    public DateTime? SubmittedAt { get; init; }
    public string? Ip { get; init; }
    public string? UserAgent { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    public static OptInEvidence FromJson(string json) => JsonSerializer.Deserialize<OptInEvidence>(json, Json)!;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
