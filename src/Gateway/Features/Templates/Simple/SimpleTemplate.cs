using System.Text.Json;

namespace Gateway.Features.Templates.Simple;

/// <summary>
/// A mail as somebody writes it who knows no HTML: its parts by name, of which <see cref="WriteSimple"/> makes a template like any other.
/// Public, like the components, because Razor makes them so.
/// </summary>
/// <param name="Logo">An https address; empty for the site's.</param>
/// <param name="Colour">As <c>#rrggbb</c>; empty for the site's.</param>
/// <param name="Text">An empty line parts paragraphs.</param>
/// <param name="Button">What stands on it; empty for none.</param>
/// <param name="Link">Where it leads, where the kind of the mail does not say it.</param>
/// <param name="Footer">Who writes, with postal address and imprint; empty for the site's.</param>
public sealed record SimpleTemplate(
    string Subject,
    string Preheader,
    string Logo,
    string Colour,
    string Heading,
    string Text,
    string Button,
    string Link,
    string Footer
)
{
    internal string ToJson() => JsonSerializer.Serialize(this);

    /// <returns>Null where the words were written by hand.</returns>
    internal static SimpleTemplate? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<SimpleTemplate>(json);
}
