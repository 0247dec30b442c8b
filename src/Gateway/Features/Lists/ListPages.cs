using System.Globalization;

namespace Gateway.Features.Lists;

/// <summary>A page of a list.</summary>
/// <param name="Rows">Null when it could not be read.</param>
/// <param name="Total">How many the whole list has, says the provider; null when it does not.</param>
/// <param name="Failed">Why it could not be read.</param>
internal sealed record ListPage<T>(IReadOnlyList<T>? Rows, int? Total = null, ListOutcome? Failed = null);

/// <summary>Reads lists that a provider gives in pages, by an offset.</summary>
internal static class ListPages
{
    /// <summary>Lists of some millions; a provider that gives more pages than that does not come to an end.</summary>
    private const int MaxPages = 5000;

    /// <param name="size">The rows of a full page; one that is not full is the last.</param>
    /// <param name="key">Tells rows apart, so that a page that comes again is seen.</param>
    /// <param name="read">Reads the page at an offset.</param>
    /// <returns>All rows, with the total that the last page told.</returns>
    public static async Task<ListPage<T>> ReadAsync<T>(int size, Func<T, string?> key, Func<int, Task<ListPage<T>>> read)
    {
        var all = new List<T>();
        string? first = null;
        for (var at = 0; at < MaxPages; at++)
        {
            var page = await read(at * size);
            if (page.Rows is not { } rows)
            {
                return page;
            }

            all.AddRange(rows);
            if (rows.Count < size)
            {
                return page with { Rows = all };
            }

            if (at > 0 && key(rows[0]) == first)
            {
                return Failed<T>("The provider gave the same page of the list twice.");
            }

            first = key(rows[0]);
        }

        return Failed<T>("The provider gave pages of the list without an end.");
    }

    /// <summary>A reading that has more or fewer rows than the provider counts is no reading.</summary>
    public static ListPage<T> Counted<T>(this ListPage<T> pages)
    {
        if (pages.Rows is not { } rows || rows.Count == pages.Total)
        {
            return pages;
        }

        var counted = pages.Total?.ToString(CultureInfo.InvariantCulture) ?? "none";
        return Failed<T>(
            $"The provider gave {rows.Count.ToString(CultureInfo.InvariantCulture)} people of the list and counts {counted}."
        );
    }

    private static ListPage<T> Failed<T>(string why) => new(null, Failed: new ListOutcome.Later(why));
}
