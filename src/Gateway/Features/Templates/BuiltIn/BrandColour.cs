using System.Globalization;

namespace Gateway.Features.Templates.BuiltIn;

/// <summary>A colour of which we know what can be read on it (WCAG 2.2, relative luminance).</summary>
internal readonly record struct BrandColour(byte Red, byte Green, byte Blue)
{
    public static readonly BrandColour Default = new(0x1f, 0x4e, 0x8c);

    // Where black and white are equally easy to read: (1 + 0.05) / (L + 0.05) = (L + 0.05) / 0.05. Either has at least 4.5:1 on its side.
    private const double Middle = 0.179;

    private const string Grey = "#8a909b";

    /// <summary>Black or white: one of the two always has a contrast of more than 4.5:1.</summary>
    public string TextOnIt => Luminance > Middle ? "#000000" : "#ffffff";

    /// <summary>A frame for the button where its colour is nearly that of the white page.</summary>
    public string EdgeOnLight => Luminance > 0.8 ? Grey : ToString();

    /// <summary>A frame for the button where its colour is nearly that of the page in dark mode.</summary>
    public string EdgeOnDark => Luminance < 0.06 ? Grey : ToString();

    public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <returns>Null when the text is not <c>#rrggbb</c>.</returns>
    public static BrandColour? Parse(string? text) =>
        text is ['#', .. { Length: 6 } digits]
        && int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var rgb)
            ? new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb)
            : null;

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private static double Linear(byte channel)
    {
        var share = channel / 255.0;
        return share <= 0.04045 ? share / 12.92 : Math.Pow((share + 0.055) / 1.055, 2.4);
    }
}
