using static Gateway.Infrastructure.Text.Translations;

namespace Gateway.Console.Story;

/// <summary>Something that happened, on a time line. Public, like the components, because Razor makes them so.</summary>
/// <param name="At">UTC; null for what is still to come.</param>
/// <param name="What">In a few words.</param>
/// <param name="Detail">More about it; null when there is no more.</param>
/// <param name="Mark">Of the badge: <c>good</c>, <c>warn</c>, <c>bad</c>; null for a plain one.</param>
/// <param name="Url">Where more about it stands; null where nothing does.</param>
public sealed record StoryStep(DateTime? At, string What, string? Detail = null, string? Mark = null, string? Url = null)
{
    /// <summary>In the order in which it happened; what is to come stands at the end.</summary>
    internal static IReadOnlyList<StoryStep> InOrder(IEnumerable<StoryStep> steps) =>
        [.. steps.OrderBy(step => step.At is null).ThenBy(step => step.At)];
}

/// <summary>A choice of a filter.</summary>
/// <param name="Value">As the address names it; empty for all.</param>
public sealed record FilterChoice(string Value, string Label);

/// <summary>A filter above a list.</summary>
/// <param name="Name">As the address names it.</param>
/// <param name="Chosen">The value that is chosen; null or empty for all.</param>
public sealed record ListFilter(string Name, string Label, string? Chosen, IReadOnlyList<FilterChoice> Choices)
{
    /// <summary>What is said of an address with a filter that there is not.</summary>
    internal static string Unknown => T("There is no such filter. Choose one of these.");

    /// <summary>Whether it leaves something out.</summary>
    public bool IsSet => !string.IsNullOrEmpty(Chosen);

    /// <summary>Whether what the address says is one of the choices.</summary>
    public bool IsKnown => !IsSet || Choices.Any(one => one.Value == Chosen);

    /// <summary>The path of a list with these filters.</summary>
    /// <param name="after">Where the page begins; null at the newest.</param>
    internal static string UrlOf(string path, IEnumerable<ListFilter> filters, string? after = null)
    {
        var given = filters
            .Where(one => one.IsSet)
            .Select(one => $"{one.Name}={Uri.EscapeDataString(one.Chosen!)}")
            .Concat(after is null ? [] : [$"after={Uri.EscapeDataString(after)}"]);
        return string.Join('&', given) is { Length: > 0 } query ? $"{path}?{query}" : path;
    }
}
