using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// How the JSON of requests is read. Other tools send numbers and booleans as what they are, so they are taken where a text is asked for.
/// </summary>
internal static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Configure(new(JsonSerializerDefaults.Web));

    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Converters.Add(new TextConverter());
        return options;
    }

    /// <returns>The value as a text, as it was written; null when it is a list or an object.</returns>
    public static string? TextOf(ref Utf8JsonReader reader) =>
        reader.TokenType switch
        {
            JsonTokenType.String => WholeText(ref reader),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };

    /// <summary>JSON can write halves of characters, which are no text.</summary>
    private static string? WholeText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new JsonTypeException("This text holds half of a character: a \\ud800 to \\udfff without its other half.");
        }
    }

    /// <summary>What a person calls the value that stands there.</summary>
    public static string NameOf(JsonTokenType token) =>
        token switch
        {
            JsonTokenType.StartArray => "a list",
            JsonTokenType.StartObject => "an object",
            JsonTokenType.Null => "null",
            _ => "this",
        };

    private sealed class TextConverter : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TextOf(ref reader) ?? throw new JsonTypeException($"This must be a text, not {NameOf(reader.TokenType)}.");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}

/// <summary>A value is of another type than the one that is read here.</summary>
/// <param name="sentence">For the sender; the path is added by the serializer.</param>
internal sealed class JsonTypeException(string sentence) : JsonException(sentence);

/// <summary>What the sender of a JSON that cannot be read is told.</summary>
internal static partial class JsonErrors
{
    /// <returns>The field as the sender writes it, such as <c>properties.age</c>, and a sentence that says what it should be.</returns>
    public static (string Field, string Sentence) Of(JsonException error)
    {
        var field = Member().Replace((error.Path ?? "").TrimStart('$').TrimStart('.'), ".$1");
        return (
            field,
            error is JsonTypeException ? error.Message
            : Expected().Match(error.Message) is { Success: true } expected
                ? $"This must be {Name(TypeOf(field, expected.Groups[1].Value))}."
            : "The JSON cannot be read here: check its syntax and the type of this value."
        );
    }

    /// <summary>The framework names the type that could not be made, which may be the one around the member with the wrong value.</summary>
    private static string TypeOf(string field, string type)
    {
        const BindingFlags member = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;
        return typeof(JsonErrors).Assembly.GetType(type)?.GetProperty(field[(field.LastIndexOf('.') + 1)..], member) is { } property
            ? property.PropertyType.ToString()
            : type;
    }

    private static string Name(string type) =>
        type.Contains("Boolean", StringComparison.Ordinal) ? "true or false"
        : type.Contains("DateTime", StringComparison.Ordinal) ? IsoTime.Expected
        : type.Contains("Int", StringComparison.Ordinal) ? "a whole number"
        : type.Contains("Dictionary", StringComparison.Ordinal) ? "an object"
        : type.Contains("List", StringComparison.Ordinal) || type.EndsWith("[]", StringComparison.Ordinal) ? "a list"
        : "an object";

    // The framework's own words; where they ever change, the general sentence above remains.
    [GeneratedRegex(@"could not be converted to (.+?)\. Path", RegexOptions.Singleline)]
    private static partial Regex Expected();

    [GeneratedRegex(@"\.?\['([^']*)'\]")]
    private static partial Regex Member();
}
