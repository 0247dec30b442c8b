using Gateway.Features.Templates.Language;

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
    /// <param name="siteId">Whose turn it takes; <see cref="Guid.Empty"/> on the command line.</param>
    /// <returns>What was found, the worst first; each finding once for each place.</returns>
    public Task<List<Finding>> LookAsync(LintedMessage message, Guid siteId, CancellationToken ct) =>
        TemplateThreads.Looking.RunAsync(siteId, () => Look(message), ct);

    private List<Finding> Look(LintedMessage message)
    {
        var found = new List<Finding>();
        try
        {
            foreach (var finding in checks.SelectMany(check => check.Look(message)))
            {
                found.Add(finding);
                CpuBudget.Check();
            }
        }
        catch (RenderLimitException)
        {
            found.Add(
                new(
                    "message-too-much",
                    FindingFamily.Law,
                    FindingSeverity.Error,
                    message.IsSms ? Places.Text : Places.Html,
                    $"Looking at it takes more than {CpuBudget.Limit.TotalSeconds:0.#} s of computing, so not all of it was looked at.",
                    "Make it shorter and simpler: mail programs take as long."
                )
            );
        }

        return [.. found.DistinctBy(finding => (finding.Id, finding.Place)).OrderByDescending(finding => finding.Severity)];
    }
}
