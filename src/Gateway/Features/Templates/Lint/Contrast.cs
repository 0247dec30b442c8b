using Gateway.Features.Templates.BuiltIn;

namespace Gateway.Features.Templates.Lint;

/// <summary>How well a colour can be read on another (WCAG 2.2, success criterion 1.4.3).</summary>
internal static class Contrast
{
    /// <summary>What text of ordinary size needs (level AA).</summary>
    public const double Enough = 4.5;

    /// <returns>From 1 (the same) to 21 (black on white).</returns>
    public static double Between(BrandColour one, BrandColour other)
    {
        var (a, b) = (one.Luminance, other.Luminance);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }
}
