using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Tests.Fuzzing;

/// <summary>Bodies as a schema describes them, and then not quite.</summary>
internal sealed class FuzzBodies(JsonNode description, FuzzSite site)
{
    private const int Deepest = 6;

    public byte[] Next(JsonNode schema, string type, Dice dice, bool isHostile)
    {
        var body = Of(schema, "", dice, Deepest);
        if (type == "application/x-www-form-urlencoded")
        {
            string Value(JsonNode? value) => isHostile && dice.Chance(0.4) ? dice.Pick(FuzzTexts.Hostile) : $"{value}";
            var fields = body!.AsObject().Select(field => $"{field.Key}={Uri.EscapeDataString(Value(field.Value))}");
            return Encoding.UTF8.GetBytes(string.Join('&', fields));
        }

        for (var times = isHostile ? dice.Below(4) : 0; times > 0; times--)
        {
            body = Broken(body, dice);
        }

        var text = (body?.ToJsonString() ?? "null").Replace(FuzzTexts.Half, "\\ud83d", StringComparison.Ordinal);
        return isHostile && dice.Chance(0.15) ? Damaged(text, dice) : Encoding.UTF8.GetBytes(text);
    }

    /// <summary>A value that somebody would give a field of this name.</summary>
    public string Likely(string name, Dice dice)
    {
        var lower = name.ToLowerInvariant();
        return lower switch
        {
            _ when lower.Contains("mail") || lower is "to" or "from" => dice.Chance(0.7)
                ? dice.Pick(FuzzTexts.Addresses)
                : dice.Pick(FuzzTexts.Numbers),
            _ when lower.Contains("phone") || lower.Contains("recipient") || lower.Contains("number") => dice.Pick(FuzzTexts.Numbers),
            _ when lower.Contains("language") || lower == "locale" => dice.Pick(FuzzTexts.Languages),
            _ when lower.EndsWith("at", StringComparison.Ordinal) || lower is "since" or "until" => dice.Pick(FuzzTexts.Times),
            _ when lower.Contains("url") => dice.Pick(FuzzTexts.Urls),
            _ when lower is "html" or "text" or "subject" or "source" or "preheader" or "body" => dice.Pick(FuzzTexts.Templates),
            _ when lower.Contains("condition") => dice.Pick(FuzzTexts.Conditions),
            "event" or "type" => dice.Pick(FuzzTexts.Events),
            "limit" => dice.Pick(["1", "100", "0", "101", "x"]),
            "list" or "after" or "contact" or "sample" => dice.Pick(site.Ids),
            "key" or "template" or "segment" or "name" => dice.Chance(0.5) ? dice.Pick(site.Keys) : $"fuzz-{dice.Below(1000)}",
            "action" or "optin" or "kind" or "state" or "channel" or "status" => dice.Pick([
                "upsert",
                "delete",
                "double",
                "proven",
                "none",
                "email",
                "sms",
                "mail",
                "confirmation",
                "welcome",
                "waiting",
                "failed",
            ]),
            _ => dice.Pick(["Ada", "Turin", "FR", "1815-12-10", "yes", "Yes, send me the newsletter."]),
        };
    }

    private JsonNode? Of(JsonNode schema, string name, Dice dice, int depth)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            return Of(description["components"]!["schemas"]![reference.Split('/')[^1]]!, name, dice, depth);
        }

        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray { Count: > 0 } choices)
        {
            return Of(dice.Pick(choices.ToList())!, name, dice, depth);
        }

        if (schema["enum"] is JsonArray { Count: > 0 } values)
        {
            return dice.Pick(values.ToList())?.DeepClone();
        }

        var type = schema["type"] is JsonArray types ? (string?)dice.Pick(types.ToList()) : (string?)schema["type"];
        return type switch
        {
            "object" => ObjectOf(schema, dice, depth),
            "array" => new JsonArray([
                .. Enumerable
                    .Range(0, depth > 0 ? dice.Below(4) : 0)
                    .Select(_ => schema["items"] is { } items ? Of(items, name, dice, depth - 1) : JsonValue.Create(Likely(name, dice))),
            ]),
            "integer" or "number" => dice.Pick([0, 1, 2, 42, -1, int.MaxValue]),
            "boolean" => dice.Chance(0.5),
            "null" => null,
            "string" => Likely(name, dice),
            _ => dice.Chance(0.5)
                ? JsonValue.Create(Likely(name, dice))
                : new JsonObject { ["vars"] = new JsonObject { ["name"] = "Ada" } },
        };
    }

    private JsonObject ObjectOf(JsonNode schema, Dice dice, int depth)
    {
        var made = new JsonObject();
        var required = schema["required"]?.AsArray().Select(one => (string)one!).ToHashSet() ?? [];
        foreach (var (member, of) in schema["properties"]?.AsObject() ?? [])
        {
            if (depth > 0 && dice.Chance(required.Contains(member) ? 0.97 : 0.5))
            {
                made[member] = Of(of!, member, dice, depth - 1);
            }
        }

        if (schema["additionalProperties"] is JsonObject others)
        {
            foreach (var member in new[] { "your-email", "city", "country" }.Where(_ => depth > 0 && dice.Chance(0.6)))
            {
                made[member] = Of(others, member, dice, depth - 1);
            }
        }

        return made;
    }

    /// <summary>The same with one value somewhere in it changed.</summary>
    private static JsonNode? Broken(JsonNode? body, Dice dice)
    {
        switch (body)
        {
            case JsonObject { Count: > 0 } members when dice.Chance(0.9):
                var name = dice.Pick(members.Select(member => member.Key).ToList());
                if (dice.Chance(0.1))
                {
                    members.Remove(name);
                }
                else if (dice.Chance(0.1))
                {
                    members[dice.Pick(FuzzTexts.Hostile)] = Hostile(dice);
                }
                else
                {
                    var old = members[name];
                    members[name] = null;
                    members[name] = Broken(old, dice);
                }

                return members;
            case JsonArray { Count: > 0 } items when dice.Chance(0.8):
                var at = dice.Below(items.Count);
                var item = items[at];
                items[at] = null;
                items[at] = Broken(item, dice);
                if (dice.Chance(0.1))
                {
                    for (var more = dice.Below(150); more > 0; more--)
                    {
                        items.Add(items[at]?.DeepClone());
                    }
                }

                return items;
            default:
                return Hostile(dice);
        }
    }

    private static JsonNode? Hostile(Dice dice) =>
        dice.Below(8) switch
        {
            0 => null,
            1 => dice.Pick([int.MinValue, -1, 0, 1, int.MaxValue]),
            2 => dice.Pick([double.MaxValue, double.Epsilon, -0.5, 1e18]),
            3 => dice.Chance(0.5),
            4 => new JsonArray(dice.Pick(FuzzTexts.Hostile), null, 1),
            5 => new JsonObject { [dice.Pick(FuzzTexts.Hostile)] = dice.Pick(FuzzTexts.Hostile) },
            _ => dice.Pick(FuzzTexts.Hostile),
        };

    /// <summary>What is no JSON any more, or hardly.</summary>
    private static byte[] Damaged(string text, Dice dice)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (dice.Below(8))
        {
            case 0:
                return bytes[..dice.Below(bytes.Length + 1)];
            case 1:
                return [0xEF, 0xBB, 0xBF, .. bytes];
            case 2:
                bytes[dice.Below(bytes.Length)] = dice.Bytes(1)[0];
                return bytes;
            case 3:
                return dice.Bytes(dice.Below(200));
            case 4:
                return Encoding.UTF8.GetBytes(new string('[', 2_000) + text);
            case 5:
                return Encoding.UTF8.GetBytes("{\"a\":" + string.Concat(Enumerable.Repeat("{\"a\":", 300)) + "1");
            case 6:
                return Encoding.Unicode.GetBytes(text);
            default:
                return [.. bytes, .. bytes];
        }
    }
}
