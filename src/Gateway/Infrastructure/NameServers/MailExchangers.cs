namespace Gateway.Infrastructure.NameServers;

/// <summary>The servers that take a domain's mail, as RFC 5321 (section 5.1) and RFC 7505 say.</summary>
/// <param name="Standing">Whether there is a server.</param>
/// <param name="Hosts">As the MX records name them, the preferred first; empty where the domain's own address counts.</param>
/// <param name="Unanswered">The answer that was none; null where <paramref name="Standing"/> is known.</param>
internal sealed record MailExchangers(MailExchangerStanding Standing, IReadOnlyList<string> Hosts, DnsAnswer? Unanswered = null)
{
    /// <summary>Null when nobody could say.</summary>
    public bool? TakesMail =>
        Standing switch
        {
            MailExchangerStanding.Unknown => null,
            MailExchangerStanding.Mx or MailExchangerStanding.OwnAddress => true,
            _ => false,
        };

    /// <param name="domain">In ASCII.</param>
    public static async Task<MailExchangers> OfAsync(IDnsAnswers dns, string domain, CancellationToken ct)
    {
        var mx = await dns.AskAsync(domain, DnsRecordType.Mx, ct);
        if (!mx.IsKnown)
        {
            return new(MailExchangerStanding.Unknown, [], mx);
        }

        if (mx.Outcome == DnsOutcome.Found)
        {
            var hosts = mx.Values.OrderBy(value => value.Preference).Select(value => value.Text).ToList();
            return hosts is [""] ? new(MailExchangerStanding.Null, []) : new(MailExchangerStanding.Mx, hosts);
        }

        if (mx.Outcome == DnsOutcome.NoName)
        {
            return new(MailExchangerStanding.NoDomain, []);
        }

        // RFC 5321, section 5.1: without an MX the domain's own address counts.
        var (four, six) = (await dns.AskAsync(domain, DnsRecordType.A, ct), await dns.AskAsync(domain, DnsRecordType.Aaaa, ct));
        return four.Outcome == DnsOutcome.Found || six.Outcome == DnsOutcome.Found ? new(MailExchangerStanding.OwnAddress, [])
            : !four.IsKnown ? new(MailExchangerStanding.Unknown, [], four)
            : !six.IsKnown ? new(MailExchangerStanding.Unknown, [], six)
            : new(MailExchangerStanding.None, []);
    }
}

internal enum MailExchangerStanding
{
    Unknown,

    /// <summary>MX records name servers.</summary>
    Mx,

    /// <summary>There is no MX, but an address.</summary>
    OwnAddress,

    /// <summary>A single MX with an empty name: the domain takes no mail (RFC 7505).</summary>
    Null,

    /// <summary>Neither MX nor address.</summary>
    None,

    /// <summary>There is no such domain.</summary>
    NoDomain,
}
