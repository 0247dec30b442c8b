namespace Gateway.Features.Templates.Language;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
internal static class Nearest
{
    private const int MaxChanges = 2;

    /// <returns>The known name that at most two changed letters turn into this one; null when there is none.</returns>
    public static string? To(string name, IEnumerable<string> known) =>
        known
            .Select(one => (Name: one, Changes: Changes(name, one)))
            .Where(one => one.Changes <= Math.Clamp(name.Length / 3, 1, MaxChanges))
            .OrderBy(one => one.Changes)
            .Select(one => one.Name)
            .FirstOrDefault();

    /// <summary>The Levenshtein distance.</summary>
    private static int Changes(string from, string to)
    {
        if (Math.Abs(from.Length - to.Length) > MaxChanges)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var before = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                (before, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, before + (from[i - 1] == to[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
