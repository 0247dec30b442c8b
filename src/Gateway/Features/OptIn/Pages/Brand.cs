using Gateway.Features.Sites;
using Gateway.Features.Templates.BuiltIn;

namespace Gateway.Features.OptIn.Pages;

/// <summary>How a site presents itself: on its pages as in its mails. Only checked values get here, whatever the row holds.</summary>
/// <param name="Name">The site's name; empty where the page belongs to no site.</param>
/// <param name="LogoUrl">An https address.</param>
/// <param name="Colour">As <c>#rrggbb</c>.</param>
/// <param name="OnColour">Black or white, whichever can be read on the colour.</param>
/// <param name="Footer">Lines: who writes, with address and imprint.</param>
public sealed record Brand(string Name, string? LogoUrl, string Colour, string OnColour, IReadOnlyList<string> Footer)
{
    private static readonly Brand None = new("", null, BrandColour.Default.ToString(), BrandColour.Default.TextOnIt, []);

    internal static Brand Of(Site? site)
    {
        if (site is null)
        {
            return None;
        }

        var shown = SiteModel.Of(site);
        return new(shown.Name, shown.LogoUrl, shown.Colour, shown.OnColour, shown.Footer?.Split('\n') ?? []);
    }
}
