using Fluid.Values;
using Gateway.Features.Templates.Segments;

namespace Gateway.Features.Templates;

/// <summary>All that a template sees when it is rendered.</summary>
/// <param name="Language">Of the text, two letters; numbers and dates are written as it does.</param>
/// <param name="Zone">In which dates are told.</param>
/// <param name="Values">By <see cref="TemplateNamespaces"/>.</param>
/// <param name="Audience">Whose sections are shown.</param>
internal sealed record TemplateModel(
    string Language,
    TimeZoneInfo Zone,
    IReadOnlyDictionary<string, FluidValue> Values,
    Audience Audience
);

/// <summary>Where the values of a template come from.</summary>
internal static class TemplateNamespaces
{
    /// <summary>The person it goes to.</summary>
    public const string Contact = "contact";

    public const string List = "list";

    public const string Site = "site";

    /// <summary>The form that somebody sent.</summary>
    public const string Form = "form";

    /// <summary>What was sent with the call.</summary>
    public const string Vars = "vars";

    /// <summary>To confirm, to leave, to choose.</summary>
    public const string Links = "links";

    /// <summary>The one value outside all of them.</summary>
    public const string Language = "language";
}
