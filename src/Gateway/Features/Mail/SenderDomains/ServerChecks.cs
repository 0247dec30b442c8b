using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What the DNS says of servers: those that take the domain's mail, and the one that sends it.</summary>
internal static class ServerChecks
{
    /// <summary>Answers, bounces and reports go there; some servers refuse senders whose domain takes no mail (RFC 7505, section
    /// 4.2).</summary>
    public static async Task<DomainFinding> MxAsync(IDnsAnswers dns, string domain, CancellationToken ct)
    {
        var servers = await MailExchangers.OfAsync(dns, domain, ct);
        switch (servers.Standing)
        {
            case MailExchangerStanding.Unknown:
                return DomainFinding.Unanswered(DomainTopics.Mx, $"The mail servers of {domain}", servers.Unanswered!);
            case MailExchangerStanding.Null:
                return Mx(
                    "null",
                    DomainSeverity.Error,
                    $"{domain} says that it takes no mail (null MX, RFC 7505): many servers refuse mail from it, and nobody can "
                        + "answer. Send from a "
                        + "domain that takes mail, or name its mail server."
                );
            case MailExchangerStanding.NoDomain or MailExchangerStanding.None:
                return Mx(
                    "missing",
                    DomainSeverity.Error,
                    $"{domain} has neither a mail server (MX) nor an address, so answers and bounces reach nobody, and servers "
                        + "refuse mail from it."
                );
            case MailExchangerStanding.OwnAddress:
                return Mx(
                    "implicit",
                    DomainSeverity.Warning,
                    $"{domain} has no MX record, so its own address counts as its mail server. Does a mail server listen there? Name it.",
                    new(domain, "MX", $"10 {domain}.")
                );
        }

        if (servers.Hosts.Contains(""))
        {
            return Mx(
                "null_mixed",
                DomainSeverity.Error,
                $"{domain} has a null MX beside others, which contradict each other (RFC 7505). Take it out."
            );
        }

        DnsAnswer? silent = null;
        foreach (var host in servers.Hosts.Take(5))
        {
            var answer = await dns.AskAsync(host, DnsRecordType.A, ct);
            answer = answer.Outcome == DnsOutcome.Found ? answer : await dns.AskAsync(host, DnsRecordType.Aaaa, ct);
            if (answer.Outcome == DnsOutcome.Found)
            {
                return Mx("good", DomainSeverity.Good, $"{domain} takes mail at {ShownText.Of(host)}.");
            }

            silent ??= answer.IsKnown ? null : answer;
        }

        return silent is not null
            ? DomainFinding.Unanswered(DomainTopics.Mx, $"The mail servers of {domain}", silent)
            : Mx(
                "unresolvable",
                DomainSeverity.Error,
                $"The mail servers of {domain} ({ShownText.Of(string.Join(", ", servers.Hosts.Take(5)))}) have no address. "
                    + "Correct the MX records."
            );
    }

    /// <summary>Gmail (5.7.25) and others refuse mail from addresses without a name that leads back.</summary>
    public static async Task<DomainFinding> PtrAsync(IDnsAnswers dns, DomainQuestion question, CancellationToken ct)
    {
        if (question.SendingAddress is not { } address)
        {
            return Ptr(
                "unknown",
                FindingBasis.CannotBeChecked,
                DomainSeverity.Note,
                question.Provider is { } provider
                    ? $"The addresses that send are those of {provider.Name}, which sees to their names."
                    : "Which address your mails leave from is not known here. Whoever runs the gateway can say it: Mail__SendingAddress."
            );
        }

        if (Infrastructure.Http.AddressScopes.Of(address) == Infrastructure.Http.AddressScope.Private)
        {
            return Ptr(
                "private",
                FindingBasis.CannotBeChecked,
                DomainSeverity.Note,
                $"{address} is an address of a private network; mails leave to the world from another."
            );
        }

        var basis = question.IsAddressGiven ? FindingBasis.Measured : FindingBasis.Declared;
        var worst = question.IsAddressGiven ? DomainSeverity.Error : DomainSeverity.Warning;
        var answer = await dns.AskAsync(ReverseName(address), DnsRecordType.Ptr, ct);
        if (!answer.IsKnown)
        {
            return DomainFinding.Unanswered(DomainTopics.Ptr, $"The name of {address}", answer);
        }

        if (answer.IsEmpty)
        {
            return Ptr(
                "missing",
                basis,
                worst,
                $"{address} has no name (PTR), and Gmail and others refuse mail from such addresses. Whoever gave you the "
                    + "address can set its name."
            );
        }

        DnsAnswer? silent = null;
        foreach (var name in answer.Values.Take(5))
        {
            var type = address.AddressFamily == AddressFamily.InterNetwork ? DnsRecordType.A : DnsRecordType.Aaaa;
            var back = await dns.AskAsync(name.Text, type, ct);
            if (back.Values.Any(value => IPAddress.TryParse(value.Text, out var known) && known.Equals(address)))
            {
                return Ptr(
                    "good",
                    basis,
                    DomainSeverity.Good,
                    $"{address} is {ShownText.Of(name.Text)}, and that name leads back to it."
                );
            }

            silent ??= back.IsKnown ? null : back;
        }

        return silent is not null
            ? DomainFinding.Unanswered(DomainTopics.Ptr, ShownText.Of(answer.Values[0].Text), silent)
            : Ptr(
                "mismatch",
                basis,
                worst,
                $"{address} is said to be {ShownText.Of(answer.Values[0].Text)}, but that name does not lead back to it. Give "
                    + "the name this address."
            );
    }

    public static string ReverseName(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', address.GetAddressBytes().Reverse()) + ".in-addr.arpa"
            : string.Join('.', Convert.ToHexStringLower(address.GetAddressBytes()).Reverse()) + ".ip6.arpa";

    private static DomainFinding Mx(string code, DomainSeverity severity, string message, PublishRecord? publish = null) =>
        new($"mx_{code}", DomainTopics.Mx, FindingBasis.Measured, severity, message, publish);

    private static DomainFinding Ptr(string code, FindingBasis basis, DomainSeverity severity, string message) =>
        new($"ptr_{code}", DomainTopics.Ptr, basis, severity, message);
}
