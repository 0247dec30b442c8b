using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Infrastructure;

namespace Gateway.Features.Connections;

/// <summary>The settings of a connection as people write them: put together, read, and shown without their secrets.</summary>
internal static class ConnectionSettingsJson
{
    /// <summary>The longest credential that a provider gives, a private key, has less.</summary>
    private const int MaxText = 8 * 1024;

    /// <summary>Puts what is given over what is known: a value replaces, null takes away, and what is not named stays.</summary>
    public static Result<JsonObject> Merge(ConnectionProvider provider, JsonObject known, JsonObject given)
    {
        var merged = (JsonObject)known.DeepClone();
        if (!IsReadable(given))
        {
            return Refusal.Invalid("settings", "settings names one of them twice.");
        }

        foreach (var (name, value) in given)
        {
            if (provider.Settings.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } setting)
            {
                return Refusal.Invalid(
                    "settings." + name,
                    $"A connection to {provider.Title} has no setting \"{name}\". It has {Names(provider)}."
                );
            }

            // Who copies a key from a page often copies a space or a line break with it.
            var text = value?.GetValueKind() == JsonValueKind.String ? value.GetValue<string>().Trim() : null;
            if (text?.Length > MaxText)
            {
                return Refusal.Invalid("settings." + setting.Name, $"{setting.Name} may have at most {MaxText} characters.");
            }

            merged.Remove(setting.Name);
            if (value is not null && text is not "")
            {
                merged[setting.Name] = text is null ? value.DeepClone() : JsonValue.Create(text);
            }
        }

        return IsRedirected(provider, known, given, merged)
            ? Refusal.Invalid(
                "settings",
                "Give the password again: what says where it is sent has changed, and a stored one is not shown there."
            )
            : merged;
    }

    /// <summary>
    /// Whether a secret that nobody gave again would be shown elsewhere: whoever may change a connection must not learn its credentials.
    /// </summary>
    private static bool IsRedirected(ConnectionProvider provider, JsonObject known, JsonObject given, JsonObject merged) =>
        provider.Settings.Any(one => one.IsPlace && known[one.Name]?.ToString() != merged[one.Name]?.ToString())
        && provider.Settings.Any(one =>
            one.IsSecret
            && merged.ContainsKey(one.Name)
            && !given.Any(field => field.Key.Equals(one.Name, StringComparison.OrdinalIgnoreCase))
        );

    /// <summary>An object whose text has a name twice throws when it is looked at.</summary>
    private static bool IsReadable(JsonObject given)
    {
        try
        {
            return given.Count >= 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public static Result<IConnectionSettings> Read(ConnectionProvider provider, JsonObject settings)
    {
        try
        {
            var read = (IConnectionSettings)settings.Deserialize(provider.Options, JsonSerializerOptions.Web)!;
            return read.Errors().ToList() is { Count: > 0 } errors
                ? Refusal.Invalid("settings", string.Join(' ', errors))
                : new Result<IConnectionSettings>.Done(read);
        }
        catch (JsonException wrong)
        {
            var name = wrong.Path?.TrimStart('$', '.') ?? "";
            return Refusal.Invalid("settings." + name, $"{name} holds a value that cannot be used: a text or a number is expected.");
        }
    }

    /// <returns>What is no secret.</returns>
    public static JsonObject WithoutSecrets(ConnectionProvider provider, JsonObject settings) =>
        new(
            from setting in provider.Settings
            where !setting.IsSecret && settings.ContainsKey(setting.Name)
            select KeyValuePair.Create(setting.Name, settings[setting.Name]?.DeepClone())
        );

    /// <returns>The names of the secrets that are set.</returns>
    public static IReadOnlyList<string> SecretsIn(ConnectionProvider provider, JsonObject settings) =>
        [.. provider.Settings.Where(setting => setting.IsSecret && settings.ContainsKey(setting.Name)).Select(setting => setting.Name)];

    public static string Names(ConnectionProvider provider) => string.Join(", ", provider.Settings.Select(setting => setting.Name));
}
