using System.Text.Json;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>A sender domain as the API and <c>--json</c> show it.</summary>
/// <param name="Domain">In ASCII.</param>
/// <param name="State"><c>good</c>; <c>improvable</c>: it works; <c>wrong</c>: mail is refused or counts as forged; <c>unknown</c>:
/// something that counts could not be looked at; <c>checking</c>: the first look is under way.</param>
/// <param name="CheckedAt">Null while the first look is under way.</param>
/// <param name="SpfLookups">Of at most 10.</param>
/// <param name="SpfVoidLookups">Of at most 2.</param>
/// <param name="DmarcPolicy"><c>none</c>, <c>quarantine</c> or <c>reject</c>; null where none counts.</param>
/// <param name="DmarcDomain">The domain whose record says it.</param>
internal sealed record SenderDomainResponse(
    string Domain,
    string State,
    DateTime? CheckedAt,
    int SpfLookups,
    int SpfVoidLookups,
    string? DmarcPolicy,
    string? DmarcDomain,
    IReadOnlyList<DomainFindingResponse> Findings
)
{
    public static SenderDomainResponse Of(DomainReport report) =>
        new(
            report.Domain,
            Word(report.State),
            report.CheckedAt,
            report.SpfLookups,
            report.SpfVoidLookups,
            report.Policy,
            report.PolicyDomain,
            [
                .. report
                    .Findings.OrderBy(one => DomainTopics.All.ToList().IndexOf(one.Topic))
                    .Select(one => new DomainFindingResponse(
                        one.Code,
                        one.Topic,
                        Word(one.Severity),
                        Word(one.Basis),
                        one.Message,
                        one.Publish is { } record ? new(record.Name, record.Type, record.Value) : null
                    )),
            ]
        );

    /// <summary>Nobody has looked yet.</summary>
    public static SenderDomainResponse Checking(string domain) => new(domain, "checking", null, 0, 0, null, null, []);

    public static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

/// <param name="Code">Stable, such as <c>spf_too_many_lookups</c>.</param>
/// <param name="Topic"><c>spf</c>, <c>dkim</c>, <c>dmarc</c>, <c>alignment</c>, <c>mx</c>, <c>ptr</c>, <c>mta_sts</c>, <c>tls_rpt</c>,
/// <c>bimi</c> or <c>domain</c>.</param>
/// <param name="Severity"><c>good</c>, <c>note</c>, <c>warning</c> or <c>error</c>.</param>
/// <param name="Basis"><c>measured</c>; <c>declared</c>: it follows from a setting or from what a provider documents;
/// <c>cannot_be_checked</c>, which is no sign that something is wrong.</param>
/// <param name="Publish">The record that puts it right, ready to copy; null where none does.</param>
internal sealed record DomainFindingResponse(
    string Code,
    string Topic,
    string Severity,
    string Basis,
    string Message,
    DnsRecordResponse? Publish
);

/// <param name="Name">The whole name, such as <c>_dmarc.shop.example</c>.</param>
/// <param name="Type"><c>TXT</c> or <c>MX</c>.</param>
internal sealed record DnsRecordResponse(string Name, string Type, string Value);
