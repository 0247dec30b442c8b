using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>Records that nobody has to have: MTA-STS (RFC 8461), TLS-RPT (RFC 8460) and BIMI.</summary>
internal static class OptionalRecords
{
    /// <summary>RFC 8461, section 3.2 expects weeks or more.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    private const string Missing = "_missing";

    /// <summary>Whether a finding says that one of these is not there, which is no fault.</summary>
    public static bool IsMissing(string code) =>
        code is DomainTopics.MtaSts + Missing or DomainTopics.TlsRpt + Missing or DomainTopics.Bimi + Missing;

    public static async Task<DomainFinding> MtaStsAsync(IDnsAnswers dns, IMtaStsFiles files, string domain, CancellationToken ct)
    {
        var record = await OfAsync(
            dns,
            DomainTopics.MtaSts,
            "_mta-sts." + domain,
            "STSv1",
            tags =>
                tags["id"] is { Length: > 0 and <= 32 } id && id.All(char.IsAsciiLetterOrDigit)
                    ? null
                    : "it needs an id= of up to 32 letters and digits",
            "Mail to the domain may then go over lines that nobody checks; for what you send it changes nothing.",
            "",
            null,
            ct
        );
        return record.Severity == DomainSeverity.Good ? await MtaStsPolicyAsync(dns, files, domain, ct) : record;
    }

    /// <summary>The record only says that there is a policy.</summary>
    private static async Task<DomainFinding> MtaStsPolicyAsync(IDnsAnswers dns, IMtaStsFiles files, string domain, CancellationToken ct)
    {
        DomainFinding Finding(string code, DomainSeverity severity, string message, FindingBasis basis = FindingBasis.Measured) =>
            new($"mta_sts_{code}", DomainTopics.MtaSts, basis, severity, message);

        var url = MtaStsFiles.UrlOf(domain);
        var (text, why) = await files.FetchAsync(domain, ct);
        if (text is null)
        {
            return why is null
                ? Finding("unreached", DomainSeverity.Note, $"{url} could not be fetched from here.", FindingBasis.CannotBeChecked)
                : Finding("no_policy", DomainSeverity.Warning, $"The record says that there is a policy at {url}, but {why}.");
        }

        if (MtaStsPolicy.Read(text, out var fault) is not { } policy)
        {
            return Finding("policy_invalid", DomainSeverity.Warning, $"The policy at {url} counts for nothing: {fault}.");
        }

        if (policy.Mode == "none")
        {
            return Finding("none", DomainSeverity.Note, $"The policy at {url} asks for nothing (mode: none).");
        }

        var servers = await MailExchangers.OfAsync(dns, domain, ct);
        if (servers.Standing == MailExchangerStanding.Unknown)
        {
            return DomainFinding.Unanswered(DomainTopics.MtaSts, $"The mail servers of {domain}", servers.Unanswered!);
        }

        IEnumerable<string> hosts = servers.Standing == MailExchangerStanding.OwnAddress ? [domain] : servers.Hosts;
        var unnamed = hosts.Where(host => !policy.Names(host)).ToList();
        var effect = policy.Mode == "enforce" ? "servers that obey it bring no mail there" : "servers report that";
        return unnamed.Count > 0
                ? Finding(
                    "server_unnamed",
                    DomainSeverity.Warning,
                    $"The policy at {url} does not name the mail server {string.Join(", ", unnamed)} (mx), so {effect}: answers and "
                        + "bounces are among it. Add a line for each, and change the id in the record."
                )
            : policy.MaxAge < Remembered
                ? Finding(
                    "max_age",
                    DomainSeverity.Note,
                    $"The policy at {url} is forgotten after {policy.MaxAge.TotalSeconds:0} seconds (max_age). Weeks are usual; a short "
                        + "time protects only who writes often."
                )
            : policy.Mode == "testing"
                ? Finding(
                    "testing",
                    DomainSeverity.Note,
                    $"The policy at {url} only asks for reports (mode: testing), and names all mail servers."
                )
            : Finding("good", DomainSeverity.Good, $"The policy at {url} is enforced, and names all mail servers.");
    }

    public static Task<DomainFinding> TlsRptAsync(IDnsAnswers dns, string domain, CancellationToken ct) =>
        OfAsync(
            dns,
            DomainTopics.TlsRpt,
            "_smtp._tls." + domain,
            "TLSRPTv1",
            tags =>
                (tags["rua"] ?? "")
                    .Split(',')
                    .All(one => one.Trim() is var target && (Starts(target, "mailto:") || Starts(target, "https:")))
                    ? null
                    : "its rua= must be mailto: or https:",
            "Nobody then tells you when mail to the domain cannot be encrypted.",
            "",
            new("_smtp._tls." + domain, "TXT", $"v=TLSRPTv1; rua=mailto:postmaster@{domain}"),
            ct
        );

    /// <param name="policy">Of DMARC: a logo is shown only where forged mail is kept away.</param>
    public static async Task<DomainFinding> BimiAsync(IDnsAnswers dns, string domain, string? policy, CancellationToken ct)
    {
        var finding = await OfAsync(
            dns,
            DomainTopics.Bimi,
            "default._bimi." + domain,
            "BIMI1",
            tags =>
                tags["l"] is { } logo
                && (logo.Length == 0 || Starts(logo, "https:"))
                && (tags["a"] is not { Length: > 0 } proof || Starts(proof, "https:"))
                    ? null
                    : "its l= must be the https: address of an SVG, and its a= that of a certificate",
            "Mailbox providers then show no logo.",
            "",
            null,
            ct
        );
        return finding.Severity == DomainSeverity.Good && policy is not ("quarantine" or "reject")
            ? new(
                "bimi_policy",
                DomainTopics.Bimi,
                FindingBasis.Measured,
                DomainSeverity.Warning,
                $"{domain} has a BIMI record, but no logo is shown with the DMARC policy \"{policy ?? "none at all"}\": it "
                    + "takes quarantine or reject."
            )
            : finding;
    }

    private static async Task<DomainFinding> OfAsync(
        IDnsAnswers dns,
        string topic,
        string name,
        string version,
        Func<TagList, string?> fault,
        string without,
        string with,
        PublishRecord? publish,
        CancellationToken ct
    )
    {
        var answer = await dns.AskAsync(name, DnsRecordType.Txt, ct);
        if (!answer.IsKnown)
        {
            return DomainFinding.Unanswered(topic, name, answer);
        }

        var records = answer
            .Values.Select(value => value.Text)
            .Where(text => TagList.Of(text) is { FirstName: "v" } tags && tags["v"] == version)
            .ToList();
        return records switch
        {
            [] => new(
                topic + Missing,
                topic,
                FindingBasis.Measured,
                DomainSeverity.Note,
                $"There is no record at {name}, and nobody has to have one. {without}",
                publish
            ),
            [var one] => fault(TagList.Of(one)) is { } what
                ? new(
                    $"{topic}_invalid",
                    topic,
                    FindingBasis.Measured,
                    DomainSeverity.Warning,
                    $"The record at {name} counts for nothing: {what}."
                )
                : new($"{topic}_good", topic, FindingBasis.Measured, DomainSeverity.Good, $"There is a record at {name}. {with}".Trim()),
            _ => new(
                $"{topic}_several_records",
                topic,
                FindingBasis.Measured,
                DomainSeverity.Warning,
                $"{name} has {records.Count} records, so none of them counts. Leave one."
            ),
        };
    }

    private static bool Starts(string text, string scheme) => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
}
