using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>Records that nobody has to have: MTA-STS (RFC 8461), TLS-RPT (RFC 8460) and BIMI.</summary>
internal static class OptionalRecords
{
    public static Task<DomainFinding> MtaStsAsync(IDnsAnswers dns, string domain, CancellationToken ct) =>
        OfAsync(
            dns,
            DomainTopics.MtaSts,
            "_mta-sts." + domain,
            "STSv1",
            tags =>
                tags["id"] is { Length: > 0 and <= 32 } id && id.All(char.IsAsciiLetterOrDigit)
                    ? null
                    : "it needs an id= of up to 32 letters and digits",
            "Mail to the domain may then go over lines that nobody checks; for what you send it changes nothing.",
            "The policy itself is a file at https://mta-sts." + domain + "/.well-known/mta-sts.txt, which is not looked at here.",
            null,
            ct
        );

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
                $"{topic}_missing",
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
