using Gateway.Infrastructure.Data;

namespace Gateway.Features.Templates.Lint;

/// <summary>One thing about a message that costs readers, opens or trust.</summary>
/// <param name="Id">Stable, so that it can be muted: the rule, and for rules about words the word, such as <c>spam-word:free</c>.</param>
/// <param name="Place">The words' home: <c>subject</c>, <c>preheader</c>, <c>from</c>, <c>html</c> or <c>text</c>.</param>
/// <param name="Reason">A sentence: what is wrong and why it matters.</param>
/// <param name="Suggestion">What to do instead; null where only the writer can know.</param>
internal sealed record Finding(
    string Id,
    FindingFamily Family,
    FindingSeverity Severity,
    string Place,
    string Reason,
    string? Suggestion = null
);

internal enum FindingFamily
{
    Spam,
    Subject,
    Cta,
    Law,
    Sms,

    /// <summary>About the sections of a template, not about a message.</summary>
    Section,
}

internal enum FindingSeverity
{
    /// <summary>Worth knowing; a message with nothing else is fine as it is.</summary>
    Info,

    /// <summary>Likely to cost something.</summary>
    Warning,

    /// <summary>Against a rule of mailbox providers or of the law, or broken.</summary>
    Error,
}

/// <summary>A finding as the API and the command line answer it.</summary>
/// <param name="Family"><c>spam</c>, <c>subject</c>, <c>cta</c>, <c>law</c> or <c>sms</c>.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Place"><c>subject</c>, <c>preheader</c>, <c>from</c>, <c>html</c> or <c>text</c>.</param>
// Public because Razor components are.
public sealed record FindingResponse(string Id, string Family, string Severity, string Place, string Reason, string? Suggestion)
{
    internal static FindingResponse Of(Finding finding) =>
        new(
            finding.Id,
            CaseConverter.Lower(finding.Family.ToString()),
            CaseConverter.Lower(finding.Severity.ToString()),
            finding.Place,
            finding.Reason,
            finding.Suggestion
        );
}

/// <summary>The parts of a message that a finding can be about.</summary>
internal static class Places
{
    public const string Subject = "subject";
    public const string Preheader = "preheader";
    public const string From = "from";
    public const string Html = "html";
    public const string Text = "text";
}
