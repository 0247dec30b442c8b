using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Features.Templates;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Templates;

/// <summary>
/// The values of a preview as somebody typed them: JSON, and one input for each simple variable over it. Both always show the same.
/// </summary>
internal static class FormValues
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="inputs">By path. One that was emptied takes its value away, so that the example shows again.</param>
    /// <returns>The values; and what is wrong with what was typed.</returns>
    public static (JsonObject Values, TypedError? Error) Read(string json, IReadOnlyDictionary<string, string> inputs)
    {
        var (values, error) = ReadJson(json);
        foreach (var (path, text) in inputs)
        {
            if (text.Length == 0)
            {
                Remove(values, path);
            }
            else if (TextAt(values, path) != text && (text.Contains('\0') || !SampleValues.Set(values, path, text)))
            {
                error ??= new(1, 1, T($"{path} leads through something that is no object."));
            }
        }

        return TemplateSamples.Error(values) is { } unfit ? (new(), error ?? new(1, 1, unfit)) : (values, error);
    }

    public static string Write(JsonObject values) => values.Count == 0 ? "" : values.ToJsonString(Readable).ReplaceLineEndings("\n");

    /// <returns>What an input shows for a path; null when there is nothing, or something that is no text.</returns>
    public static string? TextAt(JsonObject values, string path)
    {
        JsonNode? at = values;
        foreach (var name in path.Split('.'))
        {
            at = (at as JsonObject)?[name];
        }

        return at is JsonValue value
            ? value.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>()
                : value.ToJsonString()
            : null;
    }

    private static (JsonObject Values, TypedError? Error) ReadJson(string json)
    {
        if (string.IsNullOrWhiteSpace(json))
        {
            return (new(), null);
        }

        try
        {
            using var document = JsonDocument.Parse(
                json,
                new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip }
            );
            if (GivenJson.Read(document.RootElement, "values", "The JSON").IsRefused(out var unfit, out var values))
            {
                return (new(), new(1, 1, unfit.Message));
            }

            return TemplateSamples.Error(values) is { } error ? (new(), new(1, 1, error)) : (values, null);
        }
        catch (JsonException unread)
        {
            var (line, column) = ((int)(unread.LineNumber ?? 0) + 1, (int)(unread.BytePositionInLine ?? 0) + 1);
            return (new(), new(line, column, T($"The JSON cannot be read from line {line}, column {column} on.")));
        }
    }

    private static void Remove(JsonObject values, string path)
    {
        var names = path.Split('.');
        var at = names[..^1].Aggregate((JsonObject?)values, (inner, name) => inner?[name] as JsonObject);
        at?.Remove(names[^1]);
    }
}

/// <summary>What is wrong with a field, and where. Public, like the components, because Razor makes them so.</summary>
public sealed record TypedError(int Line, int Column, string Message);
