using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>The DMARC policy of a domain (RFC 9989): where it comes from, whether it can be read, and what it does.</summary>
internal sealed class DmarcCheck(IDnsAnswers dns, DmarcTreeWalk walk)
{
    /// <summary>Who reads the record need not look at more of them (RFC 7489, section 6.2, asks for two).</summary>
    private const int MaxReceivers = 10;

    /// <summary>RFC 9989 took them out; old servers still read them.</summary>
    private static readonly string[] Removed = ["pct", "rf", "ri"];

    private static readonly string[] Policies = ["none", "quarantine", "reject"];

    public async Task<DmarcResult> OfAsync(string domain, CancellationToken ct)
    {
        var discovery = await walk.OfAsync(domain, ct);
        var own = discovery.Found.FirstOrDefault(one => one.Domain == domain);
        var findings = new List<DomainFinding>();
        if (own is { IsValid: false })
        {
            findings.Add(
                Error(
                    "several_records",
                    $"_dmarc.{domain} has {own.Records.Count} DMARC records, so none of them counts (RFC 9989, section 4.10). Leave one.",
                    new("_dmarc." + domain, "TXT", own.Records[0])
                )
            );
        }
        else if (own is null && await MalformedAsync(domain, ct) is { } malformed)
        {
            findings.Add(malformed);
        }

        if (discovery.RecordFor(domain) is not { } record)
        {
            if (discovery.Unanswered is { } name)
            {
                findings.Add(DomainFinding.Unanswered(DomainTopics.Dmarc, name, discovery.Error!));
            }
            else if (findings.Count == 0)
            {
                findings.Add(
                    Error(
                        "missing",
                        $"{domain} has no DMARC record. Gmail, Yahoo and Outlook.com refuse mail in bulk without one. This "
                            + "record watches and "
                            + "changes nothing else; put an address that you read into rua.",
                        Proposal(domain)
                    )
                );
            }

            return new(findings, discovery, null, null, TagList.Of(""));
        }

        var tags = TagList.Of(record.Records[0]);
        var policy = await PolicyAsync(domain, record, tags, findings, ct);
        Look(record, tags, policy, findings);
        await LookAtReportsAsync(record, tags, findings, ct);
        if (findings.TrueForAll(one => one.Severity is DomainSeverity.Good or DomainSeverity.Note) && policy is not null)
        {
            var from = record.Domain == domain ? "" : $", which comes from _dmarc.{record.Domain}";
            findings.Insert(
                0,
                new(
                    "dmarc_good",
                    DomainTopics.Dmarc,
                    FindingBasis.Measured,
                    DomainSeverity.Good,
                    $"{domain} has the DMARC policy \"{policy}\"{from}."
                )
            );
        }

        return new(findings, discovery, policy, record.Domain, tags);
    }

    private static PublishRecord Proposal(string domain) =>
        new("_dmarc." + domain, "TXT", $"v=DMARC1; p=none; rua=mailto:postmaster@{domain}");

    /// <summary>A record that means to be one of DMARC and is none.</summary>
    private async Task<DomainFinding?> MalformedAsync(string domain, CancellationToken ct)
    {
        var answer = await dns.AskAsync("_dmarc." + domain, DnsRecordType.Txt, ct);
        var near = answer.Values.FirstOrDefault(value => value.Text.Contains("dmarc", StringComparison.OrdinalIgnoreCase))?.Text;
        return near is null
            ? null
            : Error(
                "malformed",
                $"The TXT record at _dmarc.{domain} is none of DMARC ({ShownText.Of(near)}): it must begin with v=DMARC1, in "
                    + "these letters.",
                Proposal(domain)
            );
    }

    /// <returns>The policy that counts; null where the record counts for nothing.</returns>
    private async Task<string?> PolicyAsync(
        string domain,
        DmarcFound record,
        TagList tags,
        List<DomainFinding> findings,
        CancellationToken ct
    )
    {
        var tag = "p";
        if (record.Domain != domain)
        {
            // RFC 9989, section 4.7: np for a name that does not exist, sp for any other below the record's, and p where those are missing.
            var exists = await dns.AskAsync(domain, DnsRecordType.A, ct);
            tag =
                exists.Outcome == DnsOutcome.NoName && tags["np"] is not null ? "np"
                : tags["sp"] is not null ? "sp"
                : "p";
        }

        var written = tags[tag]?.ToLowerInvariant();
        if (written is null || !Policies.Contains(written))
        {
            var what = written is null ? $"has no {tag}=" : $"says {tag}={ShownText.Of(written)}, which is no policy";
            var reports = tags["rua"] is { Length: > 0 };
            findings.Add(
                Error(
                    "policy_invalid",
                    $"The DMARC record of {record.Domain} {what}; it then counts {(reports ? "as p=none" : "for nothing")}. "
                        + "Write none, quarantine or "
                        + "reject.",
                    new("_dmarc." + record.Domain, "TXT", tags.With(tag, "none"))
                )
            );
            return reports ? "none" : null;
        }

        return written;
    }

    private static void Look(DmarcFound record, TagList tags, string? policy, List<DomainFinding> findings)
    {
        var name = "_dmarc." + record.Domain;
        if (tags["t"]?.ToLowerInvariant() == "y")
        {
            findings.Add(
                Warning(
                    "testing",
                    $"The DMARC record of {record.Domain} says t=y: servers treat mail one step milder than it asks. Take it "
                        + "out when all mail passes.",
                    new(name, "TXT", tags.Without("t"))
                )
            );
        }

        if (Removed.Where(tag => tags[tag] is not null).ToArray() is { Length: > 0 } old)
        {
            findings.Add(
                new(
                    "dmarc_removed_tags",
                    DomainTopics.Dmarc,
                    FindingBasis.Measured,
                    DomainSeverity.Warning,
                    $"The DMARC record of {record.Domain} has {string.Join(", ", old)}, which RFC 9989 took out: new servers "
                        + "ignore it, old ones do "
                        + "not. Leave it out; to try a policy out, write t=y.",
                    new(name, "TXT", tags.Without(old))
                )
            );
        }

        if (tags.Unreadable is { } unreadable)
        {
            findings.Add(
                Warning(
                    "syntax",
                    $"The DMARC record of {record.Domain} holds \"{ShownText.Of(unreadable)}\", which is no tag. Between tags "
                        + "stand semicolons.",
                    new(name, "TXT", tags.Without())
                )
            );
        }

        foreach (var (tag, value) in new[] { ("adkim", tags["adkim"]), ("aspf", tags["aspf"]) })
        {
            if (value is not (null or "r" or "s" or "R" or "S"))
            {
                findings.Add(
                    Warning(
                        "syntax",
                        $"The DMARC record of {record.Domain} says {tag}={ShownText.Of(value)}; r and s are all there is, and r counts."
                    )
                );
            }
        }

        if (policy == "none")
        {
            findings.Add(
                new(
                    "dmarc_policy_none",
                    DomainTopics.Dmarc,
                    FindingBasis.Measured,
                    DomainSeverity.Note,
                    $"The DMARC policy \"none\" of {record.Domain} only watches: that is enough for mailbox providers, and "
                        + "nobody is kept from "
                        + "forging the domain. Once the reports show that all your mail passes, write quarantine."
                )
            );
        }

        if (tags["rua"] is null)
        {
            findings.Add(
                new(
                    "dmarc_no_reports",
                    DomainTopics.Dmarc,
                    FindingBasis.Measured,
                    DomainSeverity.Note,
                    $"The DMARC record of {record.Domain} names nobody who gets reports (rua), so nobody sees which mail fails.",
                    new(name, "TXT", tags.With("rua", $"mailto:postmaster@{record.Domain}"))
                )
            );
        }
    }

    /// <summary>Whoever gets reports of another organization must agree to it (RFC 9990, section 4).</summary>
    private async Task LookAtReportsAsync(DmarcFound record, TagList tags, List<DomainFinding> findings, CancellationToken ct)
    {
        var targets = (tags["rua"] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var target in targets.Take(MaxReceivers))
        {
            var address = target.Split('!')[0];
            var receiver = address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase)
                ? DomainQuestion.DomainOf(address["mailto:".Length..])
                : null;
            if (receiver is null)
            {
                findings.Add(
                    Warning(
                        "reports_invalid",
                        $"The DMARC record of {record.Domain} says rua={ShownText.Of(target)}; it must be mailto: and an address."
                    )
                );
                continue;
            }

            if (
                receiver == record.Domain
                || (await walk.OfAsync(receiver, ct)).Organization == (await walk.OfAsync(record.Domain, ct)).Organization
            )
            {
                continue;
            }

            var name = $"{record.Domain}._report._dmarc.{receiver}";
            var answer = await dns.AskAsync(name, DnsRecordType.Txt, ct);
            if (!answer.IsKnown)
            {
                findings.Add(DomainFinding.Unanswered(DomainTopics.Dmarc, name, answer));
            }
            else if (!answer.Values.Any(value => DmarcTreeWalk.IsDmarc(value.Text)))
            {
                findings.Add(
                    Warning(
                        "reports_not_authorized",
                        $"Reports about {record.Domain} go to {receiver}, which does not say that it wants them, so nobody "
                            + $"sends them. {receiver} has "
                            + "to publish this record.",
                        new(name, "TXT", "v=DMARC1")
                    )
                );
            }
        }
    }

    private static DomainFinding Error(string code, string message, PublishRecord? publish = null) =>
        new($"dmarc_{code}", DomainTopics.Dmarc, FindingBasis.Measured, DomainSeverity.Error, message, publish);

    private static DomainFinding Warning(string code, string message, PublishRecord? publish = null) =>
        new($"dmarc_{code}", DomainTopics.Dmarc, FindingBasis.Measured, DomainSeverity.Warning, message, publish);
}

/// <param name="Policy">That counts for the domain; null where none does.</param>
/// <param name="PolicyDomain">Whose record it is.</param>
/// <param name="Tags">Of that record.</param>
internal sealed record DmarcResult(
    IReadOnlyList<DomainFinding> Findings,
    DmarcDiscovery Discovery,
    string? Policy,
    string? PolicyDomain,
    TagList Tags
);
