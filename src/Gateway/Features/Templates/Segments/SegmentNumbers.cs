using System.Globalization;

namespace Gateway.Features.Templates.Segments;

/// <summary>Numbers as conditions and properties write them: digits, a point, a sign.</summary>
internal static class SegmentNumbers
{
    private const NumberStyles Form =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;

    public static decimal? Parse(string text) =>
        decimal.TryParse(text, Form, CultureInfo.InvariantCulture, out var number) ? number : null;
}
