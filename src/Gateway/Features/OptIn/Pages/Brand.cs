using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Features.Sites;

namespace Gateway.Features.OptIn.Pages;

/// <summary>How a site presents itself on its pages. Only checked values get here, whatever the row holds.</summary>
/// <param name="Name">The site's name; empty where the page belongs to no site.</param>
/// <param name="LogoUrl">An https address.</param>
/// <param name="Colour">As <c>#rrggbb</c>.</param>
/// <param name="OnColour">Black or white, whichever can be read on the colour: the better of the two always has a contrast above 4.5:1.</param>
public sealed partial record Brand(string Name, string? LogoUrl, string Colour, string OnColour)
{
    private const string Neutral = "#1f4e8c";

    internal static Brand Of(Site? site)
    {
        var colour = site?.Colour is { } chosen && Hexadecimal().IsMatch(chosen) ? chosen : Neutral;
        var logo = Uri.TryCreate(site?.LogoUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url.AbsoluteUri : null;
        return new(site?.Name ?? "", logo, colour, ReadableOn(colour));
    }

    /// <summary>White where it can be read, since brands are used to it on their colour; else black.</summary>
    private static string ReadableOn(string colour) => Contrast(1, Luminance(colour)) >= 4.5 ? "#ffffff" : "#000000";

    private static double Contrast(double lighter, double darker) => (lighter + 0.05) / (darker + 0.05);

    /// <summary>Relative luminance as WCAG 2 defines it.</summary>
    private static double Luminance(string colour) => (0.2126 * Channel(colour, 1)) + (0.7152 * Channel(colour, 3)) + (0.0722 * Channel(colour, 5));

    private static double Channel(string colour, int at)
    {
        var value = int.Parse(colour.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
        return value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"^#[0-9a-fA-F]{6}\z")]
    private static partial Regex Hexadecimal();
}
