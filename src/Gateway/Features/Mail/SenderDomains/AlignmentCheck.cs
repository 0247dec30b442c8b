namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// DMARC asks that SPF or DKIM passes for a domain that fits the one in From (RFC 9989, section 4.4): the same organization (relaxed), or
/// the same name (strict). Says which of the two does.
/// </summary>
internal sealed class AlignmentCheck(DmarcTreeWalk walk, DomainQuestion question)
{
    /// <param name="carries">Of the domain that mails come back to (<see cref="SpfResult.LetsPass"/>).</param>
    /// <param name="canSign">Whether a key was found that signatures can be verified with; null when that is not known.</param>
    public async Task<IReadOnlyList<DomainFinding>> FindingsAsync(DmarcResult dmarc, bool? carries, bool? canSign, CancellationToken ct)
    {
        var basis = question.IsFromMail ? FindingBasis.Measured : FindingBasis.Declared;
        var fits = question.ReturnPath is { } returnPath ? await FitsAsync(returnPath, dmarc.Tags["aspf"], ct) : null;
        var spf = fits == true ? carries : fits;
        var signing = question.SigningDomain ?? question.Domain;
        var dkim =
            canSign == false ? false
            : canSign is null ? null
            : await FitsAsync(signing, dmarc.Tags["adkim"], ct);

        List<DomainFinding> findings =
        [
            question.ReturnPath is not { } path
                ? new(
                    "alignment_spf_unknown",
                    DomainTopics.Alignment,
                    FindingBasis.CannotBeChecked,
                    DomainSeverity.Note,
                    question.Provider is { OwnReturnPath: true } provider
                        ? $"Where mails come back to is decided at {provider.Name}: SPF counts for DMARC only with a return path below "
                            + $"{question.Domain} there. A mail that arrived shows it."
                        : "Where mails come back to is not known. A mail that arrived shows it."
                )
            : carries is null && fits == true
                ? new(
                    "alignment_spf_unknown_sender",
                    DomainTopics.Alignment,
                    FindingBasis.CannotBeChecked,
                    DomainSeverity.Note,
                    question.Provider is { } way
                        ? $"SPF fits, but the record of {path} does not name {way.Name}."
                        : $"SPF fits, but which address mails leave from is not known here, and so whether the record of {path} names it. "
                            + "Whoever runs the gateway can say it: Mail__SendingAddress."
                )
            : carries == true || fits != true ? Finding("spf", "SPF", $"the return path {path}", fits, dmarc.Tags["aspf"], basis)
            : new(
                "alignment_spf_no_record",
                DomainTopics.Alignment,
                FindingBasis.Measured,
                DomainSeverity.Note,
                $"SPF carries nothing as long as {path} has no record that lets its mails pass."
            ),
            canSign is null
                ? new(
                    "alignment_dkim_unknown",
                    DomainTopics.Alignment,
                    FindingBasis.CannotBeChecked,
                    DomainSeverity.Note,
                    "Whether DKIM fits is not known as long as its key is not."
                )
            : canSign == false
                ? new(
                    "alignment_dkim_no_key",
                    DomainTopics.Alignment,
                    FindingBasis.Measured,
                    DomainSeverity.Note,
                    "DKIM carries nothing as long as there is no key that works."
                )
            : Finding("dkim", "DKIM", $"the signing domain {signing}", dkim, dmarc.Tags["adkim"], basis),
        ];
        if (spf == false && dkim == false)
        {
            findings.Add(
                new(
                    "alignment_none",
                    DomainTopics.Alignment,
                    basis,
                    DomainSeverity.Error,
                    $"Neither SPF nor DKIM carries {question.Domain}, so its mail fails DMARC. Have mails signed with "
                        + $"d={question.Domain}, or set up a "
                        + $"return path below {question.Domain}."
                )
            );
        }
        else if (spf == true || dkim == true)
        {
            var by =
                spf == true && dkim == true ? "SPF and by DKIM"
                : spf == true ? "SPF"
                : "DKIM";
            findings.Add(
                new(
                    "alignment_good",
                    DomainTopics.Alignment,
                    basis,
                    DomainSeverity.Good,
                    $"Mail from {question.Domain} passes DMARC by {by}."
                )
            );
        }

        return findings;
    }

    /// <returns>Null when nobody could say.</returns>
    private async Task<bool?> FitsAsync(string domain, string? mode, CancellationToken ct)
    {
        if (domain.Equals(question.Domain, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        if (mode is "s" or "S")
        {
            return false;
        }

        var (ours, theirs) = ((await walk.OfAsync(question.Domain, ct)).Organization, (await walk.OfAsync(domain, ct)).Organization);
        return ours is null || theirs is null ? null : ours == theirs;
    }

    private DomainFinding Finding(string code, string name, string what, bool? fits, string? mode, FindingBasis basis)
    {
        var how = mode is "s" or "S" ? "strict: the same name" : "relaxed: the same organization";
        return fits switch
        {
            null => new(
                $"alignment_{code}_unknown",
                DomainTopics.Alignment,
                FindingBasis.CannotBeChecked,
                DomainSeverity.Note,
                $"Whether {what} fits {question.Domain} is not known: the DNS did not answer."
            ),
            true => new(
                $"alignment_{code}_good",
                DomainTopics.Alignment,
                basis,
                DomainSeverity.Good,
                $"{name} fits: {what} and {question.Domain} belong together ({how})."
            ),
            _ => new(
                $"alignment_{code}_wrong",
                DomainTopics.Alignment,
                basis,
                DomainSeverity.Warning,
                $"{name} does not fit: {what} and {question.Domain} do not belong together ({how})."
            ),
        };
    }
}
