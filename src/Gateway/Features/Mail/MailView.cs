using Gateway.Features.Sites;

namespace Gateway.Features.Mail;

/// <summary>
/// All that a template sees. There is no place in it for anything a visitor typed: else a form would be a relay for other people's spam.
/// </summary>
/// <param name="List">The list's name; empty in a transactional mail, which is about none.</param>
/// <param name="Variables">What the caller wrote into a transactional mail; else null.</param>
internal sealed record MailView(
    string Template, string Language, string List, SiteView Site, IReadOnlyDictionary<string, string> Links, IReadOnlyDictionary<string, string>? Variables)
{
    public static MailView Of(Letter letter, string publicBase) => new(
        letter.Message.Template, letter.Message.Language, OneLine(letter.List?.Name ?? ""), SiteView.Of(letter.Site), LinksOf(letter.Secrets, publicBase), letter.Variables);

    /// <summary>A name as one line of a header or a heading.</summary>
    public static string OneLine(string name) => string.Join(' ', name.Split([.. name.Where(IsBreak)], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

    private static bool IsBreak(char letter) => char.IsControl(letter) || letter is '\u2028' or '\u2029';

    private static Dictionary<string, string> LinksOf(MessageSecrets secrets, string publicBase)
    {
        var links = new Dictionary<string, string>();
        if (secrets is { Confirm: { } confirm, Code: { } code })
        {
            links["confirm"] = $"{publicBase}/c/{confirm}";
            links["not_me"] = $"{publicBase}/c/{confirm}/cancel";
            links["code"] = code;
            links["code_page"] = $"{publicBase}/c";
        }

        if (secrets.Unsubscribe is { } unsubscribe)
        {
            links["unsubscribe"] = $"{publicBase}/u/{unsubscribe}";
        }

        if (secrets.Preferences is { } preferences)
        {
            links["preferences"] = $"{publicBase}/p/{preferences}";
        }

        return links;
    }
}

/// <summary>The brand as a mail shows it.</summary>
/// <param name="Name">One line.</param>
/// <param name="Colour">The button's colour, <c>#rrggbb</c>.</param>
/// <param name="OnColour">Black or white, whichever is easier to read on <paramref name="Colour"/>.</param>
/// <param name="EdgeOnLight">The button's frame on a light page.</param>
/// <param name="EdgeOnDark">The button's frame in dark mode.</param>
/// <param name="LogoUrl">An https address, or null.</param>
internal sealed record SiteView(string Name, string Colour, string OnColour, string EdgeOnLight, string EdgeOnDark, string? LogoUrl)
{
    public static SiteView Of(Site site)
    {
        var colour = BrandColour.Parse(site.Colour) ?? BrandColour.Default;
        return new(
            MailView.OneLine(site.Name),
            colour.ToString(),
            colour.TextOnIt,
            colour.EdgeOnLight,
            colour.EdgeOnDark,
            Uri.TryCreate(site.LogoUrl, UriKind.Absolute, out var logo) && logo.Scheme == Uri.UriSchemeHttps ? logo.AbsoluteUri : null);
    }
}
