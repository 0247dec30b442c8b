using Quickenshtein;

namespace Gateway.Features.Templates.Language;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class Nearest
{
    private const int MaxChanges = 2;

    /// <returns>The known name that at most two changed letters turn into this one; null when there is none.</returns>
    public static string? To(string name, IEnumerable<string> known)
    {
        var most = Math.Clamp(name.Length / 3, 1, MaxChanges);
        return known
            .Where(one => Math.Abs(one.Length - name.Length) <= most)
            .Select(one => (Name: one, Changes: Levenshtein.GetDistance(name, one)))
            .Where(one => one.Changes <= most)
            .OrderBy(one => one.Changes)
            .Select(one => one.Name)
            .FirstOrDefault();
    }

    /// <returns>The question that follows a sentence; empty where there is no guess.</returns>
    public static string Ask(string? near) => near is null ? "" : " " + $"Is {near} meant?";
}
