using Gateway.Features.Templates;
using Gateway.Features.Templates.Segments;

namespace Gateway.Console.Templates;

/// <summary>
/// As whom somebody looks at a template with sections: as whoever it goes to, as everybody at once, or as a reader of one segment or none.
/// </summary>
internal static class RecipientChoice
{
    public const string Everybody = "everybody";
    public const string Nobodys = "none";
    private const string Prefix = "segment:";

    public static string Of(string segment) => Prefix + segment;

    /// <param name="choice">Null, and what is none of these, is whoever it goes to.</param>
    public static PreviewInput Apply(string? choice, PreviewInput input) =>
        choice switch
        {
            Everybody => input with { Sections = PreviewAudience.All },
            Nobodys => input with { Segments = [] },
            { } segment when segment.StartsWith(Prefix, StringComparison.Ordinal) => input with { Segments = [segment[Prefix.Length..]] },
            _ => input,
        };
}

/// <summary>Somebody as whom a template can be looked at. Public, like the components, because Razor makes them so.</summary>
public sealed record RecipientOption(string Value, string Label);
