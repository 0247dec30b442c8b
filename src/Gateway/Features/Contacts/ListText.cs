using System.Text.Json;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Contacts;

// Public, like the components, because Razor makes them so. It stands in the API too.
/// <summary>What a site calls a list in one language, and what it says of it.</summary>
/// <param name="Name">Null where the list's own name is shown.</param>
/// <param name="Description">Null where nothing is said of it.</param>
public sealed record ListText(string? Name, string? Description)
{
    public const int MaxName = 200;

    public const int MaxDescription = 1_000;

    /// <summary>What stands in a language of which nothing is known.</summary>
    internal static readonly ListText None = new(null, null);

    /// <param name="json">As <see cref="ContactList.Texts"/> holds it.</param>
    internal static Dictionary<string, ListText> Read(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<Dictionary<string, ListText>>(json, JsonSerializerOptions.Web)!;

    /// <returns>Null where no language has a text.</returns>
    internal static string? Write(IReadOnlyDictionary<string, ListText> texts)
    {
        var said = Languages
            .All.Where(language => texts.GetValueOrDefault(language, None) != None)
            .ToDictionary(language => language, language => texts[language]);
        return said.Count == 0 ? null : JsonSerializer.Serialize(said, JsonSerializerOptions.Web);
    }

    /// <summary>Takes over names and descriptions by language; what is not named stays, and an empty one goes.</summary>
    /// <returns>What is wrong with one of them; null when all were taken.</returns>
    internal static Refusal? Change(
        Dictionary<string, ListText> texts,
        IReadOnlyDictionary<string, string> names,
        IReadOnlyDictionary<string, string> descriptions
    )
    {
        foreach (var (language, typed) in names)
        {
            if (ErrorOf(language, typed, "name", MaxName) is { } wrong)
            {
                return wrong;
            }

            texts[language] = texts.GetValueOrDefault(language, None) with { Name = OneLineOf(typed) };
        }

        foreach (var (language, typed) in descriptions)
        {
            if (ErrorOf(language, typed, "description", MaxDescription) is { } wrong)
            {
                return wrong;
            }

            texts[language] = texts.GetValueOrDefault(language, None) with { Description = OneLineOf(typed) };
        }

        return null;
    }

    private static Refusal? ErrorOf(string language, string typed, string what, int max) =>
        Array.IndexOf(Languages.All, language) < 0
            ? Refusal.Invalid("texts", $"\"{language}\" is no language of pages: {string.Join(", ", Languages.All)}.")
        : OneLineOf(typed) is { } text && (text.Length > max || text.Any(char.IsControl))
            ? Refusal.Invalid("texts", $"The {what} of a list in a language has at most {max:N0} characters, and no control characters.")
        : null;

    /// <returns>Null where nothing but space was typed.</returns>
    private static string? OneLineOf(string typed) =>
        string.Join(' ', typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)) is { Length: > 0 } text ? text : null;
}

/// <summary>A list as somebody sees it in their language.</summary>
/// <param name="Description">Null where nothing is said of it.</param>
internal sealed record ShownList(Guid Id, string Name, string? Description)
{
    /// <returns>The names of several lists in one line, as a subject may hold them.</returns>
    public static string NamesOf(IReadOnlyList<ShownList> lists) => string.Join(", ", lists.Select(list => list.Name));
}
