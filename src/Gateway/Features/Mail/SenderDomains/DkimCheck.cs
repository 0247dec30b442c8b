using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// The DKIM keys of a domain. A key is found by its selector alone, so one that nobody names cannot be looked for: the selectors are those
/// that were given, those of this gateway's own keys, and those that the provider is known to use.
/// </summary>
internal sealed class DkimCheck(IDnsAnswers dns, DomainQuestion question)
{
    public async Task<IReadOnlyList<DomainFinding>> FindingsAsync(CancellationToken ct)
    {
        var domain = question.SigningDomain ?? question.Domain;
        var findings = new List<DomainFinding>();
        foreach (var selector in question.Selectors.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            findings.AddRange(await OfSelectorAsync(selector, domain, ct) ?? [Missing(selector, domain)]);
        }

        foreach (var own in question.OwnKeys)
        {
            findings.AddRange(await OfOwnAsync(own, ct));
        }

        if (findings.Count > 0)
        {
            return findings;
        }

        if (question.Provider is not { Selectors.Count: > 0 } provider)
        {
            return [Unknown()];
        }

        foreach (var selector in provider.Selectors)
        {
            findings.AddRange(await OfSelectorAsync(selector, domain, ct) ?? []);
        }

        // One that is in order is enough; what became of older ones is nothing that mail depends on.
        return findings.Where(one => one.Severity == DomainSeverity.Good).ToList() is { Count: > 0 } good ? good
            : findings.Count > 0 ? findings
            :
            [
                new(
                    "dkim_missing",
                    DomainTopics.Dkim,
                    FindingBasis.Measured,
                    DomainSeverity.Error,
                    $"{domain} has no DKIM key of {provider.Name}: none of "
                        + $"{string.Join(", ", provider.Selectors.Select(one => DkimRecord.NameOf(one, domain)))} "
                        + $"exists. Add the domain at {provider.Name} and publish the record that it shows. If it gave you "
                        + "another selector, a mail that arrived shows it."
                ),
            ];
    }

    private DomainFinding Unknown() =>
        new(
            "dkim_selector_unknown",
            DomainTopics.Dkim,
            FindingBasis.CannotBeChecked,
            DomainSeverity.Note,
            "A DKIM key is found by its selector, and "
                + (question.Provider is { } provider ? $"{provider.Name} gives each customer others" : "nobody named one")
                + ". It is the s= in the DKIM-Signature of a mail that arrived. Whoever runs this gateway can look with it, or with such "
                + "a mail, or let the gateway sign itself."
        );

    private static DomainFinding Missing(string selector, string domain) =>
        new(
            "dkim_missing",
            DomainTopics.Dkim,
            FindingBasis.Measured,
            DomainSeverity.Error,
            $"There is no DKIM key at {DkimRecord.NameOf(selector, domain)}, so signatures that name it do not verify. Publish "
                + "the record that "
                + "whoever signs your mails shows."
        );

    private async Task<IReadOnlyList<DomainFinding>> OfOwnAsync(OwnDkimRecord own, CancellationToken ct)
    {
        var name = DkimRecord.NameOf(own.Selector, question.Domain);
        var answer = await dns.AskAsync(name, DnsRecordType.Txt, ct);
        if (!answer.IsKnown)
        {
            return [DomainFinding.Unanswered(DomainTopics.Dkim, name, answer)];
        }

        var record = new PublishRecord(name, "TXT", own.Value);
        if (answer.Values.Count != 1 || !DkimRecord.IsSameKey(answer.Values[0].Text, own.Value))
        {
            var what =
                answer.Values.Count == 0 ? "is not published"
                : answer.Values.Count > 1 ? "has several records"
                : "is published with another key";
            return
            [
                new(
                    "dkim_own_key_missing",
                    DomainTopics.Dkim,
                    FindingBasis.Measured,
                    own.IsSigning ? DomainSeverity.Error : DomainSeverity.Note,
                    own.IsSigning
                        ? $"This gateway signs with a key whose record {what}: {name}. Its signatures do not verify until it is there."
                        : $"The next key of this gateway {what} yet: {name}. Publish it before the gateway signs with it.",
                    record
                ),
            ];
        }

        return Findings(name, answer.Values[0].Text, own.IsSigning ? "this gateway signs with it" : "this gateway has the key");
    }

    /// <returns>Null when there is none.</returns>
    private async Task<IReadOnlyList<DomainFinding>?> OfSelectorAsync(string selector, string domain, CancellationToken ct)
    {
        var name = DkimRecord.NameOf(selector, domain);
        var answer = await dns.AskAsync(name, DnsRecordType.Txt, ct);
        if (!answer.IsKnown)
        {
            return [DomainFinding.Unanswered(DomainTopics.Dkim, name, answer)];
        }

        if (answer is { IsEmpty: true, Alias: { } alias })
        {
            return
            [
                new(
                    "dkim_alias_broken",
                    DomainTopics.Dkim,
                    FindingBasis.Measured,
                    DomainSeverity.Error,
                    $"{name} is an alias (CNAME) of {alias}, where there is no key. Compare it with what whoever signs your mails shows."
                ),
            ];
        }

        return answer.Values.Count switch
        {
            0 => null,
            1 => Findings(name, answer.Values[0].Text, null),
            _ =>
            [
                new(
                    "dkim_several_records",
                    DomainTopics.Dkim,
                    FindingBasis.Measured,
                    DomainSeverity.Error,
                    $"{name} has {answer.Values.Count} TXT records; which of them a server takes is open (RFC 6376, section "
                        + "3.6.2.2). Leave one."
                ),
            ],
        };
    }

    private static IReadOnlyList<DomainFinding> Findings(string name, string record, string? use)
    {
        var faults = DkimRecord.Faults(record).ToList();
        return faults.Count == 0
            ?
            [
                new(
                    "dkim_good",
                    DomainTopics.Dkim,
                    FindingBasis.Measured,
                    DomainSeverity.Good,
                    $"There is a DKIM key at {name}{(use is null ? "" : ", and " + use)}."
                ),
            ]
            :
            [
                .. faults.Select(fault => new DomainFinding(
                    $"dkim_{fault.Code}",
                    DomainTopics.Dkim,
                    FindingBasis.Measured,
                    fault.IsFatal ? DomainSeverity.Error : DomainSeverity.Warning,
                    $"The DKIM key at {name} {(fault.IsFatal ? "cannot be used" : "can be used, but")}: {fault.What}.".Replace(
                        "but: ",
                        "but ",
                        StringComparison.Ordinal
                    )
                )),
            ];
    }
}
