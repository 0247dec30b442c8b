using System.Text.Json.Nodes;
using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Features.Templates;

/// <summary>
/// What a template is looked at with: an example of everything the gateway itself provides, and over it what somebody gave.
/// </summary>
internal static class SampleValues
{
    /// <summary>Names in a path; JSON that nests more is not taken either.</summary>
    private const int MaxDepth = 20;

    private static readonly string[] Given =
    [
        TemplateNamespaces.Contact,
        TemplateNamespaces.List,
        TemplateNamespaces.Form,
        TemplateNamespaces.Vars,
    ];

    /// <param name="publicBase">The gateway's address without a slash at the end.</param>
    public static JsonObject Example(string publicBase, string language) =>
        new()
        {
            [TemplateNamespaces.Contact] = new JsonObject
            {
                ["email"] = "ada@example.org",
                ["name"] = "Ada Lovelace",
                ["first_name"] = "Ada",
                ["language"] = language,
            },
            [TemplateNamespaces.List] = new JsonObject
            {
                ["name"] = "Newsletter",
                ["names"] = new JsonArray("Newsletter"),
                ["all"] = new JsonArray(new JsonObject { ["name"] = "Newsletter", ["description"] = "News and offers, twice a month." }),
            },
            [TemplateNamespaces.Form] = new JsonObject
            {
                ["id"] = "4",
                ["title"] = "Contact",
                ["url"] = "https://shop.example/contact/",
            },
            [TemplateNamespaces.Vars] = new JsonObject(),
            [TemplateNamespaces.Links] = new JsonObject
            {
                ["confirm"] = $"{publicBase}/c/example",
                ["not_me"] = $"{publicBase}/c/example/cancel",
                ["code"] = "12345678",
                ["code_page"] = $"{publicBase}/c",
                ["unsubscribe"] = $"{publicBase}/u/example",
                ["preferences"] = $"{publicBase}/p/example",
                ["stay"] = $"{publicBase}/stay/example",
            },
        };

    /// <summary>Takes over what somebody gave, member by member. The site and the links are not theirs to say.</summary>
    public static void Overlay(JsonObject values, JsonObject over)
    {
        foreach (var (name, given) in over)
        {
            if (!Given.Contains(name) || given is not JsonObject members || values[name] is not JsonObject known)
            {
                continue;
            }

            foreach (var (member, value) in members)
            {
                known[member] = value?.DeepClone();
            }
        }
    }

    /// <summary>Sets one simple variable, <c>vars.order.number</c>.</summary>
    /// <returns>False when the path leads through something that is no object, or too deep.</returns>
    public static bool Set(JsonObject values, string path, string? text)
    {
        var names = path.Split('.');
        if (names.Length > MaxDepth)
        {
            return false;
        }

        var at = values;
        foreach (var name in names[..^1])
        {
            switch (at[name])
            {
                case JsonObject inner:
                    at = inner;
                    break;
                case null:
                    var added = new JsonObject();
                    at[name] = added;
                    at = added;
                    break;
                default:
                    return false;
            }
        }

        at[names[^1]] = text;
        return true;
    }

    /// <summary>What is wrong with the shape of somebody's values, as a sentence; null when nothing is.</summary>
    public static string? Error(JsonObject values) =>
        values
            .Select(member =>
                member.Key is TemplateNamespaces.Site or TemplateNamespaces.Links ? T($"{member.Key} is the gateway's own: leave it out.")
                : !Given.Contains(member.Key) ? T($"There is no {member.Key} in a template: values stand in {string.Join(", ", Given)}.")
                : member.Value is not JsonObject ? T($"{member.Key} is a JSON object.")
                : null
            )
            .FirstOrDefault(error => error is not null);
}
