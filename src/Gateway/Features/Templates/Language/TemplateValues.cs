using System.Text.Json;
using Fluid.Values;

namespace Gateway.Features.Templates.Language;

/// <summary>Makes values of the language from JSON and from texts.</summary>
internal static class TemplateValues
{
    public static FluidValue Of(JsonElement json) =>
        json.ValueKind switch
        {
            JsonValueKind.Object => new TemplateObject(Members(json)),
            JsonValueKind.Array => new ArrayValue([.. json.EnumerateArray().Take(RenderContext.MaxItems).Select(Of)]),
            JsonValueKind.String => new StringValue(json.GetString()!),
            JsonValueKind.Number => json.TryGetDecimal(out var number) ? NumberValue.Create(number) : new StringValue(json.GetRawText()),
            JsonValueKind.True => BooleanValue.True,
            JsonValueKind.False => BooleanValue.False,
            _ => NilValue.Instance,
        };

    public static TemplateObject Of(IEnumerable<KeyValuePair<string, string?>> texts)
    {
        var members = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (var (name, text) in texts)
        {
            members[name] = text is null ? NilValue.Instance : new StringValue(text);
        }

        return new(members);
    }

    private static Dictionary<string, FluidValue> Members(JsonElement json)
    {
        var members = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            members[member.Name] = Of(member.Value);
        }

        return members;
    }
}
