using System.Text.Json.Nodes;

namespace Gateway.Features.Templates.Findings;

/// <summary>Words for the values that nobody gave, so that the linter reads a whole message: where a link is meant, an address.</summary>
internal static class StandIns
{
    private const string Word = "sample";
    private const string Link = "https://www.example.org/";

    public static JsonObject Fill(JsonObject values, CompiledTemplate template)
    {
        var filled = values.DeepClone().AsObject();
        foreach (
            var variable in template
                .Variables.Select(found => found.Variable)
                .Where(variable => variable.IsSimple && variable.Namespace is TemplateNamespaces.Vars or TemplateNamespaces.Contact)
        )
        {
            if (!Has(filled, variable.Path) && !IsExample(variable.Path))
            {
                SampleValues.Set(filled, variable.Path, IsLink(variable.Path) ? Link : Word);
            }
        }

        return filled;
    }

    private static bool Has(JsonObject values, string path)
    {
        JsonNode? at = values;
        foreach (var name in path.Split('.'))
        {
            at = (at as JsonObject)?[name];
        }

        return at is not null;
    }

    /// <summary>The example has a person.</summary>
    private static bool IsExample(string path) => path is "contact.email" or "contact.name" or "contact.first_name" or "contact.language";

    private static bool IsLink(string path) =>
        path.Contains("url", StringComparison.OrdinalIgnoreCase) || path.Contains("link", StringComparison.OrdinalIgnoreCase);
}
