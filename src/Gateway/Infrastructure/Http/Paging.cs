using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Infrastructure.Http;

/// <summary>Which part of a long list is asked for.</summary>
internal sealed record PageQuery
{
    public const int Max = 100;

    /// <summary>
    /// How many at the most, from 1 to 100; 100 when left out. A text, so that a wrong one is answered with the name of the field.
    /// </summary>
    [FromQuery(Name = "limit")]
    public string? Limit { get; init; }

    /// <summary>The <c>next</c> of the page before.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; init; }

    /// <param name="prefix">Of the ids the list is made of.</param>
    public Result<PageStart> Read(string prefix)
    {
        var limit = Max;
        if (
            Limit is not null
            && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Max)
        )
        {
            return Refusal.Invalid("limit", $"limit is a number from 1 to {Max}.");
        }

        var after = PublicId.Parse(prefix, After);
        return After is null || after is not null
            ? new PageStart(limit, after)
            : Refusal.Invalid("after", "after is the value of next from the page before.");
    }
}

/// <summary>The same, read.</summary>
internal sealed record PageStart(int Limit, Guid? After);

/// <param name="Next">What to send as <c>after</c> to read on; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <param name="read">The page and, if there is another, one item more.</param>
    public static Page<T> Of(IReadOnlyList<T> read, int limit, Func<T, string> id) =>
        read.Count > limit ? new([.. read.Take(limit)], id(read[limit - 1])) : new(read, null);
}
