using Gateway.Features.Templates.Api;
using Gateway.Features.Templates.Findings;

namespace Gateway.Console.Templates;

/// <summary>
/// A message as its reader would get it, and what is to be said of it. Public, like the components, because Razor makes them so.
/// </summary>
/// <param name="FrameUrl">Where its HTML is; null while there are errors, and of an SMS.</param>
/// <param name="Bytes">Of the HTML.</param>
/// <param name="Parts">How an SMS goes over the air, in words.</param>
/// <param name="Errors">With these it can be neither saved nor sent.</param>
/// <param name="Warnings">What will be empty.</param>
/// <param name="Removed">What was taken out of the HTML.</param>
/// <param name="Findings">What readers, filters and the law may mind, muted or not.</param>
/// <param name="Sections">Null while there are errors.</param>
public sealed record ShownPreview(
    string? FrameUrl,
    string? From,
    string? Subject,
    string? Preheader,
    string? Text,
    int Bytes,
    string? Parts,
    IReadOnlyList<TemplateErrorLine> Errors,
    IReadOnlyList<TemplateErrorLine> Warnings,
    IReadOnlyCollection<string> Removed,
    IReadOnlyList<TemplateFindingResponse> Findings,
    ShownSections? Sections
)
{
    /// <summary>Gmail cuts off what is behind it.</summary>
    public const int ClippedAt = 102 * 1024;

    public bool IsClipped => Bytes > ClippedAt;
}

/// <summary>A variable that a person can give a value.</summary>
/// <param name="Path">Such as <c>vars.order.number</c>.</param>
/// <param name="Type"><c>text</c>, <c>list</c> or <c>object</c>.</param>
/// <param name="IsSimple">Whether one input can fill it.</param>
/// <param name="Value">What it has; null when nothing was given.</param>
/// <param name="Example">What is shown as long as nothing is given.</param>
public sealed record ValueField(string Path, string Type, bool IsSimple, bool IsOptional, string? Value, string? Example);

/// <summary>The values a preview is made with, as the page offers them for typing.</summary>
/// <param name="Json">All of them; what was typed where it cannot be read.</param>
/// <param name="Skeleton">JSON of what the template asks for; null when it asks for nothing that could be given.</param>
/// <param name="Samples">The names of those that are kept.</param>
/// <param name="Readers">As whom it can be looked at beside whoever it goes to; none where the site has no segments.</param>
/// <param name="Recipient">The chosen one of these.</param>
/// <param name="Recipients">Whom a test may go to.</param>
public sealed record ShownValues(
    bool IsExpert,
    string Json,
    TypedError? JsonError,
    IReadOnlyList<ValueField> Fields,
    string? Skeleton,
    IReadOnlyList<string> Samples,
    string? Sample,
    string? Contact,
    IReadOnlyList<RecipientOption> Readers,
    string? Recipient,
    IReadOnlyCollection<string> Recipients,
    string? To
);
