namespace Gateway.Infrastructure.Settings;

/// <summary>How far apart two names are.</summary>
internal static class Likeness
{
    /// <returns>The name that is the most like <paramref name="given"/>, whatever their case; null when all are farther apart.</returns>
    public static string? Nearest(IEnumerable<string> names, string given, int most)
    {
        var (nearest, distance) = names
            .Select(name => (name, Distance: Distance(name.ToUpperInvariant(), given.ToUpperInvariant())))
            .MinBy(one => one.Distance);
        return distance <= most ? nearest : null;
    }

    /// <returns>How many letters must be added, left out, replaced or swapped with their neighbour to make one from the other.</returns>
    public static int Distance(string one, string other)
    {
        var distances = new int[one.Length + 1, other.Length + 1];
        for (var row = 0; row <= one.Length; row++)
        {
            distances[row, 0] = row;
        }

        for (var column = 0; column <= other.Length; column++)
        {
            distances[0, column] = column;
        }

        for (var row = 1; row <= one.Length; row++)
        {
            for (var column = 1; column <= other.Length; column++)
            {
                var replaced = distances[row - 1, column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1);
                var best = Math.Min(replaced, Math.Min(distances[row - 1, column], distances[row, column - 1]) + 1);
                if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1])
                {
                    best = Math.Min(best, distances[row - 2, column - 2] + 1);
                }

                distances[row, column] = best;
            }
        }

        return distances[one.Length, other.Length];
    }
}
