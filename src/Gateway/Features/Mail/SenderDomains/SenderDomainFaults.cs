using Gateway.Features.Sites;
using Gateway.Features.Sites.Findings;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>Domains of a site whose mail is refused or counts as forged, whether or not any came back yet.</summary>
internal sealed class SenderDomainFaults(MailSenders senders, MailTransports transports, SenderDomainReports reports) : ISiteCheck
{
    /// <summary>For one domain; what its name servers have not said by then is known the next time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public FindingKind Kind => FindingKind.Domain;

    public async Task<IReadOnlyList<Fault>?> FindAsync(Site site, CancellationToken ct)
    {
        // What stays in the mailbox of a first run is judged by nobody.
        if ((await transports.OfAsync(site.Id, ct)).All(way => way.Provider == MailOptions.MailboxTransport))
        {
            return [];
        }

        var faults = new List<Fault>();
        foreach (var domain in await senders.DomainsAsync(site, ct))
        {
            if (await reports.ReadAsync(domain, Patience, ct) is not { } report)
            {
                return null;
            }

            var errors = report.Findings.Where(one => one.Severity == DomainSeverity.Error).Select(one => one.Message).ToList();
            if (errors.Count > 0)
            {
                faults.Add(new(domain, domain, string.Join(" ", errors)));
            }
        }

        return faults;
    }
}
