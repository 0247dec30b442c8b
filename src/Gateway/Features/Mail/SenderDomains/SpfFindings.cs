using System.Net.Sockets;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What is to be said of SPF, in sentences; <see cref="SpfCheck"/> finds out what holds.</summary>
internal static class SpfFindings
{
    /// <summary>What fits into one answer without a second try over TCP (RFC 7208, section 3.4).</summary>
    private const int LongRecord = 450;

    /// <summary>More addresses than any one sender has.</summary>
    private const int WidePrefix4 = 8;
    private const int WidePrefix6 = 16;

    /// <summary>What is to be said of the domain's own record; what it includes is others' to put right.</summary>
    public static List<DomainFinding> OfRecord(string domain, SpfRecord record)
    {
        var findings = new List<DomainFinding>();
        var allows = record.All;
        if (allows is { Qualifier: '+' })
        {
            findings.Add(
                Error(
                    "allows_all",
                    $"The SPF record of {domain} says {allows.Text}: everybody in the world may send as {domain}. End it with "
                        + "~all or -all.",
                    new(domain, "TXT", SpfRecord.Merge([record.Text]))
                )
            );
        }
        else if (allows is { Qualifier: '?' })
        {
            findings.Add(
                Warning(
                    "neutral",
                    $"The SPF record of {domain} ends with ?all, which says nothing of others who send as {domain}. End it with "
                        + "~all or -all.",
                    new(domain, "TXT", record.Text.Replace("?all", "~all", StringComparison.OrdinalIgnoreCase))
                )
            );
        }
        else if (allows is null && record.Redirect is null)
        {
            findings.Add(
                Warning(
                    "no_all",
                    $"The SPF record of {domain} does not say what holds for others who send as {domain}. End it with ~all.",
                    new(domain, "TXT", record.Text.Trim() + " ~all")
                )
            );
        }

        if (allows is not null && record.Terms.SkipWhile(term => term != allows).Skip(1).Any(term => term.Kind != SpfKind.Modifier))
        {
            findings.Add(
                Warning(
                    "after_all",
                    $"In the SPF record of {domain} something stands behind {allows.Text}, where nobody looks. Put it before."
                )
            );
        }

        if (record.Terms.Any(term => term.Kind == SpfKind.Ptr))
        {
            findings.Add(
                Warning(
                    "ptr",
                    $"The SPF record of {domain} uses ptr, which is slow, and which some servers ignore (RFC 7208, section "
                        + "5.5). Name addresses or "
                        + "hosts instead.",
                    new(
                        domain,
                        "TXT",
                        string.Join(' ', ["v=spf1", .. record.Terms.Where(term => term.Kind != SpfKind.Ptr).Select(term => term.Text)])
                    )
                )
            );
        }

        if (record.Terms.FirstOrDefault(IsWide) is { } wide)
        {
            findings.Add(
                Warning(
                    "wide",
                    $"The SPF record of {domain} says {wide.Text}, which are far more addresses than send its mails. Name only those."
                )
            );
        }

        if (record.Text.Any(letter => letter > 126))
        {
            findings.Add(
                Error(
                    "not_ascii",
                    $"The SPF record of {domain} has a character that is not ASCII, perhaps a quotation mark or a dash out of a "
                        + "document. Type it "
                        + "anew."
                )
            );
        }

        if (record.Text.Length > LongRecord)
        {
            findings.Add(
                Warning(
                    "long",
                    $"The SPF record of {domain} has {record.Text.Length} characters; beyond about {LongRecord} some servers do "
                        + "not get it whole."
                )
            );
        }

        return findings;
    }

    public static DomainFinding Error(string code, string message, PublishRecord? publish = null) =>
        new($"spf_{code}", DomainTopics.Spf, FindingBasis.Measured, DomainSeverity.Error, message, publish);

    public static DomainFinding Warning(string code, string message, PublishRecord? publish = null) =>
        new($"spf_{code}", DomainTopics.Spf, FindingBasis.Measured, DomainSeverity.Warning, message, publish);

    private static bool IsWide(SpfTerm term) =>
        term.Qualifier == '+'
        && term.Network is { } network
        && network.PrefixLength <= (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? WidePrefix4 : WidePrefix6);
}
