namespace Gateway.Features.Templates.Lint;

/// <summary>One rule, or a few that look at the same thing.</summary>
internal interface ILintCheck
{
    IEnumerable<Finding> Look(LintedMessage message);
}

/// <summary>
/// Looks at a message with the eyes of its reader, of a spam filter and of the law. It advises: a finding never keeps a message from being
/// sent, since
/// filters judge senders by much more than words.
/// </summary>
internal sealed class Linter(IEnumerable<ILintCheck> checks)
{
    /// <returns>What was found, the worst first; each finding once for each place.</returns>
    public List<Finding> Look(LintedMessage message) =>
        [
            .. checks
                .SelectMany(check => check.Look(message))
                .DistinctBy(finding => (finding.Id, finding.Place))
                .OrderByDescending(finding => finding.Severity),
        ];
}
