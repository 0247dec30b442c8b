using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Infrastructure;

namespace Gateway.Features.Mail.MailEvents.Formats;

/// <summary>Events that come as a JSON object, or as an array of objects.</summary>
internal abstract class JsonFormat : IMailEventFormat
{
    public virtual bool NeedsSigningKey => false;

    public virtual string? SigningKeyError(string key) => "This provider signs nothing: leave the signing key out.";

    public virtual ValueTask<Result<List<ReportedEvent>>> ReadAsync(MailEventCall call, CancellationToken ct) =>
        ValueTask.FromResult(Read(call));

    /// <summary>Whether the call is signed as it has to be.</summary>
    protected virtual bool IsSigned(MailEventCall call, JsonElement root) => true;

    /// <returns>Nothing when the object is no event that this format knows.</returns>
    protected abstract IEnumerable<ReportedEvent> Read(JsonElement one, byte[] body);

    protected static bool TryParse(ReadOnlyMemory<byte> body, out JsonDocument document)
    {
        document = null!;
        try
        {
            document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Kept and counted; it changes nothing.</summary>
    /// <param name="key">What makes it the same when it comes again; null is all of it.</param>
    protected static ReportedEvent Unread(byte[] body, string? key = null) => new(MailEventType.Other, key, body);

    protected List<ReportedEvent> ReadAll(JsonElement root) =>
        [.. (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray() : Enumerable.Repeat(root, 1)).SelectMany(ReadOne)];

    private Result<List<ReportedEvent>> Read(MailEventCall call)
    {
        if (!TryParse(call.Body, out var document))
        {
            return IsSigned(call, default) ? new List<ReportedEvent> { Unread(call.Body.ToArray()) } : MailEventFormats.WrongSignature;
        }

        using (document)
        {
            return IsSigned(call, document.RootElement) ? ReadAll(document.RootElement) : MailEventFormats.WrongSignature;
        }
    }

    private List<ReportedEvent> ReadOne(JsonElement one)
    {
        var body = Encoding.UTF8.GetBytes(one.GetRawText());
        if (one.ValueKind != JsonValueKind.Object)
        {
            return [Unread(body)];
        }

        var read = Read(one, body).ToList();
        return read.Count == 0 ? [Unread(body)] : read;
    }
}

/// <summary>Looks into JSON that somebody else wrote: what is missing, or of another kind, is null.</summary>
internal static class JsonReading
{
    public static JsonElement? Member(this JsonElement one, string name) =>
        one.ValueKind == JsonValueKind.Object && one.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    public static JsonElement? Member(this JsonElement? one, string name) => one?.Member(name);

    /// <returns>A text, or a number as it is written; null when it is missing, empty or something else.</returns>
    public static string? Text(this JsonElement one, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (one.Member(name) is { } member && TextOf(member) is { Length: > 0 } text)
            {
                return text;
            }
        }

        return null;
    }

    /// <inheritdoc cref="Text(JsonElement, ReadOnlySpan{string})"/>
    public static string? Text(this JsonElement? one, params ReadOnlySpan<string> names) => one?.Text(names);

    public static bool? Flag(this JsonElement one, string name) =>
        one.Member(name) switch
        {
            { ValueKind: JsonValueKind.True } => true,
            { ValueKind: JsonValueKind.False } => false,

            // Some write "true" or 1.
            { } other when TextOf(other) is { } text => text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase),
            _ => null,
        };

    /// <summary>Seconds since 1970, whole or with a fraction, or milliseconds: a number beyond the year 5000 in seconds is these.</summary>
    public static DateTimeOffset? UnixTime(this JsonElement one, params ReadOnlySpan<string> names)
    {
        const double MaxSeconds = 1e11;
        if (
            !double.TryParse(one.Text(names), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            || number is not (> 0 and < 1e14)
        )
        {
            return null;
        }

        return DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(number > MaxSeconds ? number / 1000 : number);
    }

    /// <summary>A time in ISO 8601; one without a zone is UTC.</summary>
    public static DateTimeOffset? IsoTime(this JsonElement one, params ReadOnlySpan<string> names) =>
        DateTimeOffset.TryParse(one.Text(names), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    public static IEnumerable<JsonElement> Items(this JsonElement? list) =>
        list is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>Of an object that a provider may write as text.</summary>
    /// <returns>The member's text; null when the text is no such object.</returns>
    public static string? TextInJson(string? json, string name)
    {
        if (json is not ['{', ..])
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Text(name);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <returns>The value of a name in a list of <c>{ "name": …, "value": … }</c>, as headers are written; null when it lacks.</returns>
    public static string? Named(this JsonElement? list, string name) =>
        list.Items()
            .Where(one => name.Equals(one.Text("name"), StringComparison.OrdinalIgnoreCase))
            .Select(one => one.Text("value"))
            .FirstOrDefault();

    /// <returns>A text, or a number as it is written; null when it is something else, or holds half a character.</returns>
    public static string? TextOf(JsonElement member) =>
        member.ValueKind switch
        {
            JsonValueKind.String => IsWhole(member, out var text) ? text : null,
            JsonValueKind.Number => member.GetRawText(),
            _ => null,
        };

    /// <summary>A string with half a character in it cannot be read.</summary>
    private static bool IsWhole(JsonElement member, out string? text)
    {
        try
        {
            text = member.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null;
            return false;
        }
    }
}
