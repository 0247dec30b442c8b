using Gateway.Features.Sites;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Templates.BuiltIn;

/// <summary>The brand as a mail shows it.</summary>
/// <param name="Name">One line.</param>
/// <param name="Colour">The button's colour, <c>#rrggbb</c>.</param>
/// <param name="OnColour">Black or white, whichever is easier to read on <paramref name="Colour"/>.</param>
/// <param name="EdgeOnLight">The button's frame on a light page.</param>
/// <param name="EdgeOnDark">The button's frame in dark mode.</param>
/// <param name="LogoUrl">An https address, or null.</param>
/// <param name="Footer">Lines, or null.</param>
internal sealed record SiteModel(
    string Name,
    string Colour,
    string OnColour,
    string EdgeOnLight,
    string EdgeOnDark,
    string? LogoUrl,
    string? Footer
)
{
    public static SiteModel Of(Site site)
    {
        var colour = BrandColour.Parse(site.Colour) ?? BrandColour.Default;
        return new(
            OneLine.Of(site.Name),
            colour.ToString(),
            colour.TextOnIt,
            colour.EdgeOnLight,
            colour.EdgeOnDark,
            Uri.TryCreate(site.LogoUrl, UriKind.Absolute, out var logo) && logo.Scheme == Uri.UriSchemeHttps ? logo.AbsoluteUri : null,
            site.Footer
        );
    }

    /// <summary><c>site</c> in a template.</summary>
    public TemplateObject ToValue() =>
        TemplateValues.Of(
            new Dictionary<string, string?>
            {
                ["name"] = Name,
                ["colour"] = Colour,
                ["on_colour"] = OnColour,
                ["edge"] = EdgeOnLight,
                ["edge_on_dark"] = EdgeOnDark,
                ["logo_url"] = LogoUrl,
                ["footer"] = Footer,
            }
        );
}
