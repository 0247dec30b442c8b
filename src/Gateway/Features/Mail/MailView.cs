using Fluid.Values;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Language;

namespace Gateway.Features.Mail;

/// <summary>
/// What the template of a mail sees. That of a confirmation sees nothing a visitor typed: else a form would be a relay for other people's spam.
/// </summary>
internal static class MailView
{
    public static TemplateModel Of(Letter letter, IReadOnlyDictionary<string, string?> links)
    {
        var values = new Dictionary<string, FluidValue>
        {
            [TemplateNamespaces.List] = TemplateValues.Of([new("name", OneLine.Of(letter.List?.Name ?? ""))]),
            [TemplateNamespaces.Site] = SiteView.Of(letter.Site).ToValue(),
            [TemplateNamespaces.Links] = TemplateValues.Of(links),
        };
        if (letter.Variables is { } given)
        {
            // What a caller wrote is text, and a line break is a line break.
            values[TemplateNamespaces.Vars] = TemplateValues.Of(given.Select(one => new KeyValuePair<string, string?>(one.Key, one.Value.ReplaceLineEndings("\n"))));
        }

        return new(letter.Message.Language, TimeZoneInfo.Utc, values);
    }

    public static Dictionary<string, string?> LinksOf(MessageSecrets secrets, string publicBase)
    {
        var links = new Dictionary<string, string?>();
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
