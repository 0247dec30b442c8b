using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>How a finding is known.</summary>
internal enum FindingBasis
{
    /// <summary>The DNS, or a mail that arrived, says it.</summary>
    Measured,

    /// <summary>It follows from a setting, or from what a provider documents, and no answer proves it.</summary>
    Declared,

    /// <summary>Nobody could say. That is no sign that something is wrong.</summary>
    CannotBeChecked,
}

internal enum DomainSeverity
{
    Good,

    /// <summary>Worth knowing; nothing has to be done.</summary>
    Note,

    /// <summary>Some mail may be treated worse because of it.</summary>
    Warning,

    /// <summary>Mail is refused or counts as forged because of it.</summary>
    Error,
}

/// <summary>What a finding is about.</summary>
internal static class DomainTopics
{
    public const string Domain = "domain";
    public const string Spf = "spf";
    public const string Dkim = "dkim";
    public const string Dmarc = "dmarc";
    public const string Alignment = "alignment";
    public const string Mx = "mx";
    public const string MtaSts = "mta_sts";
    public const string TlsRpt = "tls_rpt";
    public const string Bimi = "bimi";
    public const string Ptr = "ptr";

    /// <summary>In the order in which they are told.</summary>
    public static readonly IReadOnlyList<string> All = [Domain, Spf, Dkim, Dmarc, Alignment, Mx, Ptr, MtaSts, TlsRpt, Bimi];
}

/// <summary>A record of the DNS, ready to copy.</summary>
/// <param name="Name">The whole name, such as <c>_dmarc.example.org</c>.</param>
/// <param name="Type">Such as <c>TXT</c>.</param>
internal sealed record PublishRecord(string Name, string Type, string Value);

/// <summary>One sentence about a sender domain.</summary>
/// <param name="Code">Stable, for programs, such as <c>spf_too_many_lookups</c>.</param>
/// <param name="Topic">One of <see cref="DomainTopics"/>.</param>
/// <param name="Message">What is so, what it means, and what to do.</param>
/// <param name="Publish">The record that would put it right; null where no record does, or where nobody here can write it.</param>
internal sealed record DomainFinding(
    string Code,
    string Topic,
    FindingBasis Basis,
    DomainSeverity Severity,
    string Message,
    PublishRecord? Publish = null
)
{
    /// <summary>The DNS did not answer, which says nothing about the domain.</summary>
    public static DomainFinding Unanswered(string topic, string name, DnsAnswer answer) =>
        new(
            $"{topic}_unanswered",
            topic,
            FindingBasis.CannotBeChecked,
            DomainSeverity.Note,
            $"{name} cannot be looked up: {answer.Detail ?? "there was no answer"}. That is no sign that something is wrong "
                + "there; try again later."
        );
}

/// <summary>What is known of a sender domain.</summary>
/// <param name="Domain">In ASCII.</param>
/// <param name="SpfLookups">Terms of the SPF record that need a query, with those of what it includes; at most 10 are allowed.</param>
/// <param name="SpfVoidLookups">Those that find nothing; at most 2 are allowed.</param>
/// <param name="Policy">The DMARC policy that counts: <c>none</c>, <c>quarantine</c> or <c>reject</c>; null where there is none.</param>
/// <param name="PolicyDomain">The domain whose record says it.</param>
internal sealed record DomainReport(
    string Domain,
    DateTime CheckedAt,
    int SpfLookups,
    int SpfVoidLookups,
    string? Policy,
    string? PolicyDomain,
    IReadOnlyList<DomainFinding> Findings
)
{
    private static readonly string[] Essential = [DomainTopics.Domain, DomainTopics.Spf, DomainTopics.Dkim, DomainTopics.Dmarc];

    public DomainState State =>
        Findings.Any(one => one.Severity == DomainSeverity.Error) ? DomainState.Wrong
        : Findings.Any(one => one.Basis == FindingBasis.CannotBeChecked && Essential.Contains(one.Topic)) ? DomainState.Unknown
        : Findings.Any(one => one.Severity == DomainSeverity.Warning) ? DomainState.Improvable
        : DomainState.Good;
}

/// <summary>All findings in a word.</summary>
internal enum DomainState
{
    Good,

    /// <summary>It works, and could be better.</summary>
    Improvable,

    /// <summary>Nothing is known to be wrong, but something that counts could not be looked at.</summary>
    Unknown,

    /// <summary>Mail is refused or counts as forged.</summary>
    Wrong,
}
