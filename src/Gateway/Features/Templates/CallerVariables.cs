using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Infrastructure;

namespace Gateway.Features.Templates;

/// <summary>What a caller fills a template with: JSON, and texts by their paths for callers that have only a form.</summary>
internal static class CallerVariables
{
    private const int MaxText = 20_000;

    /// <returns>The object <c>vars</c> of the template.</returns>
    public static Result<JsonObject> Read(JsonElement? json, IReadOnlyDictionary<string, string?>? texts)
    {
        if (GivenJson.Read(json, "vars", "vars").IsRefused(out var unfit, out var vars))
        {
            return unfit;
        }

        foreach (var (path, text) in texts ?? new Dictionary<string, string?>())
        {
            if (text?.Length > MaxText || text?.Contains('\0') == true)
            {
                return Refusal.Invalid($"variables.{path}", $"A variable may have at most {MaxText:N0} characters, and no NUL.");
            }

            if (!SampleValues.Set(vars, path, text?.ReplaceLineEndings("\n")))
            {
                return Refusal.Invalid($"variables.{path}", "The path leads through something that is no object.");
            }
        }

        return vars;
    }
}
