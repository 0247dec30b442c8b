using System.Text.Json.Nodes;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Language;

namespace Gateway.Console.Templates;

/// <summary>The shape of what a template asks for, to be filled in: <c>{"vars": {"items": [{"price": ""}]}}</c>.</summary>
internal static class ValueSkeleton
{
    private const int MaxDepth = 12;
    private static readonly string[] Given =
    [
        TemplateNamespaces.Contact,
        TemplateNamespaces.List,
        TemplateNamespaces.Form,
        TemplateNamespaces.Vars,
    ];

    /// <summary>Whether somebody can give it a value: the site and the links are the gateway's own.</summary>
    public static bool IsGiven(TemplateVariable variable) => variable.Path.Contains('.') && Given.Contains(variable.Namespace);

    public static JsonObject Of(IEnumerable<TemplateVariable> variables)
    {
        var skeleton = new JsonObject();
        foreach (var variable in variables.Where(IsGiven))
        {
            var names = variable
                .Path.Replace(TemplateVariable.EachMember, "." + TemplateVariable.EachMember, StringComparison.Ordinal)
                .Split('.');
            if (names.Length <= MaxDepth)
            {
                Put(skeleton, names, variable.Shape);
            }
        }

        return skeleton;
    }

    /// <summary>Fills in what is missing, and touches nothing that is there.</summary>
    public static void LayUnder(JsonObject values, JsonObject skeleton)
    {
        foreach (var (name, shape) in skeleton)
        {
            if (values[name] is JsonObject known && shape is JsonObject inner)
            {
                LayUnder(known, inner);
            }
            else if (values[name] is null)
            {
                values[name] = shape?.DeepClone();
            }
        }
    }

    private static void Put(JsonObject at, ReadOnlySpan<string> names, VariableShape shape)
    {
        var name = names[0];
        if (names.Length == 1)
        {
            at[name] ??= Empty(shape);
        }
        else if (names[1] == TemplateVariable.EachMember)
        {
            at[name] = at[name] as JsonArray ?? [];
            PutInto((JsonArray)at[name]!, names[2..], shape);
        }
        else
        {
            at[name] = at[name] as JsonObject ?? [];
            Put((JsonObject)at[name]!, names[1..], shape);
        }
    }

    /// <summary>One member shows what all are like. A list in a list is left to whoever knows what it holds.</summary>
    private static void PutInto(JsonArray list, ReadOnlySpan<string> names, VariableShape shape)
    {
        if (names.Length == 0 || names[0] == TemplateVariable.EachMember)
        {
            if (list.Count == 0)
            {
                list.Add(names.Length == 0 ? Empty(shape) : new JsonArray());
            }

            return;
        }

        if (list.Count == 0 || list[0] is not JsonObject)
        {
            list.Clear();
            list.Add(new JsonObject());
        }

        Put((JsonObject)list[0]!, names, shape);
    }

    private static JsonNode Empty(VariableShape shape) =>
        shape switch
        {
            VariableShape.List => new JsonArray(),
            VariableShape.Object => new JsonObject(),
            _ => JsonValue.Create(""),
        };
}
