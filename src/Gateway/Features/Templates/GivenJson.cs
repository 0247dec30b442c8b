using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Infrastructure;

namespace Gateway.Features.Templates;

/// <summary>JSON that a caller gave for values: taken apart with care, since it can be anything.</summary>
internal static class GivenJson
{
    private const int MaxBytes = 64 * 1024;
    private const int Deepest = 20;

    /// <param name="field">As the caller writes it.</param>
    /// <param name="name">What sentences call it.</param>
    /// <returns>The object, its last member winning where two have one name.</returns>
    public static Result<JsonObject> Read(JsonElement? given, string field, string name)
    {
        if (given is not { } json || json.ValueKind == JsonValueKind.Null)
        {
            return new JsonObject();
        }

        try
        {
            return json.ValueKind != JsonValueKind.Object ? Refusal.Invalid(field, $"{name} is a JSON object.")
                : json.GetRawText().Length > MaxBytes ? Refusal.Invalid(field, $"{name} may have at most {MaxBytes / 1024} KB of JSON.")
                : ObjectOf(json, 1);
        }
        catch (InvalidOperationException)
        {
            return Refusal.Invalid(field, $"{name} holds a text that is no valid Unicode: half of a surrogate pair.");
        }
        catch (FormatException unfit)
        {
            return Refusal.Invalid(field, $"{name} {unfit.Message}");
        }
    }

    private static JsonObject ObjectOf(JsonElement json, int depth)
    {
        var result = new JsonObject();
        foreach (var member in json.EnumerateObject())
        {
            result[Text(member.Name)] = NodeOf(member.Value, depth + 1);
        }

        return result;
    }

    private static JsonNode? NodeOf(JsonElement json, int depth) =>
        depth > Deepest
            ? throw new FormatException($"is nested more than {Deepest} deep.")
            : json.ValueKind switch
            {
                JsonValueKind.Object => ObjectOf(json, depth),
                JsonValueKind.Array => new JsonArray([.. json.EnumerateArray().Select(item => NodeOf(item, depth + 1))]),
                JsonValueKind.String => Text(json.GetString()!),
                JsonValueKind.Number when json.TryGetDecimal(out var number) => number,
                JsonValueKind.Number => json.GetRawText(),
                JsonValueKind.True => true,
                JsonValueKind.False => false,
                _ => null,
            };

    private static string Text(string text) => text.Contains('\0') ? throw new FormatException("holds a NUL character.") : text;
}
