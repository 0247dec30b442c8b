using System.Net;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>Looks at all that mailbox providers look at before they believe a sender domain.</summary>
internal sealed class CheckDomain(IDnsAnswers dns, IMtaStsFiles mtaSts, TimeProvider clock)
{
    /// <summary>Whoever waits for the answer, such as a page of WordPress, waits no longer.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public async Task<DomainReport> OfAsync(DomainQuestion question, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        var asked = new AskedDns(dns, limit.Token);
        var findings = new List<DomainFinding>();
        var domain = question.Domain;
        if ((await asked.AskAsync(domain, DnsRecordType.A, ct)).Outcome == DnsOutcome.NoName)
        {
            findings.Add(
                new(
                    "domain_missing",
                    DomainTopics.Domain,
                    FindingBasis.Measured,
                    DomainSeverity.Error,
                    $"There is no domain {domain}: it is misspelled, or its registration has ended. Servers refuse mail from it."
                )
            );
            return new(domain, clock.GetUtcNow().UtcDateTime, 0, 0, null, null, findings);
        }

        if (question.SendingAddress is null && question.Provider is null && question.Relay is { } relay)
        {
            // Mails leave a relay of one's own network by another address, which nobody here knows; and whoever runs a site need not learn
            // this one.
            var address = await AddressOfAsync(asked, relay, ct);
            question = question with
            {
                SendingAddress = address is not null && AddressScopes.Of(address) == AddressScope.Private ? null : address,
            };
        }

        // SPF is about where mails come back to; that of the domain itself counts for whoever sends from it directly.
        var spf = await new SpfCheck(asked, question).OfAsync(domain, ct);
        findings.AddRange(spf.Findings);
        var ofReturnPath = spf;
        if (question.ReturnPath is { } returnPath && !returnPath.Equals(domain, StringComparison.OrdinalIgnoreCase))
        {
            ofReturnPath = await new SpfCheck(asked, question).OfAsync(returnPath, ct);
            findings.AddRange(ofReturnPath.Findings);
        }

        var dkim = await new DkimCheck(asked, question).FindingsAsync(ct);
        findings.AddRange(dkim);
        var walk = new DmarcTreeWalk(asked);
        var dmarc = await new DmarcCheck(asked, walk).OfAsync(domain, ct);
        findings.AddRange(dmarc.Findings);
        bool? canSign =
            dkim.Any(one => one.Severity is DomainSeverity.Good or DomainSeverity.Warning) ? true
            : dkim.Any(one => one.Basis == FindingBasis.CannotBeChecked) ? null
            : false;
        findings.AddRange(await new AlignmentCheck(walk, question).FindingsAsync(dmarc, ofReturnPath.LetsPass, canSign, ct));
        findings.Add(await ServerChecks.MxAsync(asked, domain, ct));
        findings.Add(await ServerChecks.PtrAsync(asked, question, ct));
        findings.Add(await OptionalRecords.MtaStsAsync(asked, mtaSts, domain, ct));
        findings.Add(await OptionalRecords.TlsRptAsync(asked, domain, ct));
        findings.Add(await OptionalRecords.BimiAsync(asked, domain, dmarc.Policy, ct));
        return new(domain, clock.GetUtcNow().UtcDateTime, spf.Lookups, spf.VoidLookups, dmarc.Policy, dmarc.PolicyDomain, findings);
    }

    private static async Task<IPAddress?> AddressOfAsync(AskedDns asked, string relay, CancellationToken ct)
    {
        if (IPAddress.TryParse(relay, out var written))
        {
            return written;
        }

        var answer = await asked.AskAsync(relay, DnsRecordType.A, ct);
        return answer.Values.Count > 0 && IPAddress.TryParse(answer.Values[0].Text, out var first) ? first : null;
    }
}
