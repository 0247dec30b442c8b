using Gateway.Infrastructure.Data;

namespace Gateway.Features.Templates.Findings;

/// <summary>A finding about a template as the API answers it.</summary>
/// <param name="Id">Stable, such as <c>spam-word:free</c>; what <c>mutes</c> takes.</param>
/// <param name="Family"><c>spam</c>, <c>subject</c>, <c>cta</c>, <c>law</c>, <c>sms</c> or <c>section</c>.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Place"><c>subject</c>, <c>preheader</c>, <c>from</c>, <c>html</c> or <c>text</c>.</param>
/// <param name="Muted">Null when nobody muted it.</param>
// Public because Razor components are.
public sealed record TemplateFindingResponse(
    string Id,
    string Family,
    string Severity,
    string Place,
    string Reason,
    string? Suggestion,
    MuteResponse? Muted
)
{
    internal static IReadOnlyList<TemplateFindingResponse> Of(IEnumerable<TemplateFinding> found) =>
        [
            .. found.Select(one => new TemplateFindingResponse(
                one.Finding.Id,
                CaseConverter.Lower(one.Finding.Family.ToString()),
                CaseConverter.Lower(one.Finding.Severity.ToString()),
                one.Finding.Place,
                one.Finding.Reason,
                one.Finding.Suggestion,
                one.Mute is null ? null : MuteResponse.Of(one.Mute)
            )),
        ];

    /// <summary>What somebody who saves should hear.</summary>
    internal static IReadOnlyList<TemplateFindingResponse> Unmuted(IEnumerable<TemplateFinding> found) =>
        Of(found.Where(one => one.Mute is null));
}

/// <summary>Who muted a finding, and why.</summary>
/// <param name="Author">The client id of an API key, or who was signed in.</param>
public sealed record MuteResponse(string Note, string Author, DateTime At)
{
    internal static MuteResponse Of(TemplateMute mute) => new(mute.Note, mute.Author, mute.CreatedAt);
}
