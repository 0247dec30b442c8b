using System.Text.Json;

namespace Gateway.Features.Submissions;

/// <summary>
/// What an operator decided when replaying a submission: another field for the address or the name, another list. It is recorded beside
/// the body, which stays as it came.
/// </summary>
internal sealed record Override(string? Email, string? List, string? Name = null)
{
    public static Override? FromJson(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<Override>(json, JsonSerializerOptions.Web);

    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
}
