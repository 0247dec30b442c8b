using Quickenshtein;

namespace Gateway.Infrastructure.Settings;

/// <summary>Guesses which name was meant.</summary>
internal static class Likeness
{
    /// <param name="most">How many letters may be wrong, missing or too many.</param>
    /// <returns>The name that is the most like <paramref name="given"/>, whatever their case; null when all are farther apart.</returns>
    public static string? Nearest(IEnumerable<string> names, string given, int most)
    {
        var (nearest, distance) = names
            .Select(name => (name, Distance: Levenshtein.GetDistance(name.ToUpperInvariant(), given.ToUpperInvariant())))
            .MinBy(one => one.Distance);
        return distance <= most ? nearest : null;
    }
}
