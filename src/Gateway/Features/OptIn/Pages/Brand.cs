using Gateway.Features.Mail;
using Gateway.Features.Sites;

namespace Gateway.Features.OptIn.Pages;

/// <summary>How a site presents itself on its pages. Only checked values get here, whatever the row holds.</summary>
/// <param name="Name">The site's name; empty where the page belongs to no site.</param>
/// <param name="LogoUrl">An https address.</param>
/// <param name="Colour">As <c>#rrggbb</c>.</param>
/// <param name="OnColour">Black or white, whichever can be read on the colour.</param>
public sealed record Brand(string Name, string? LogoUrl, string Colour, string OnColour)
{
    internal static Brand Of(Site? site)
    {
        var colour = BrandColour.Parse(site?.Colour) ?? BrandColour.Default;
        var logo = Uri.TryCreate(site?.LogoUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url.AbsoluteUri : null;
        return new(site?.Name ?? "", logo, colour.ToString(), colour.TextOnIt);
    }
}
