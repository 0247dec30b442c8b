using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure.NameServers;
using static Gateway.Features.Mail.SenderDomains.SpfFindings;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// SPF of a domain (RFC 7208): whether the record can be used, what it costs to evaluate, and whom it lets through. Everything is followed,
/// also what a server would not come to, since whoever is not listed makes it come to all.
/// </summary>
internal sealed class SpfCheck(IDnsAnswers dns, DomainQuestion question)
{
    /// <summary>RFC 7208, section 4.6.4.</summary>
    public const int MaxLookups = 10;
    public const int MaxVoidLookups = 2;
    private const int MaxHosts = 10;

    /// <summary>Nobody reads more of one record, and its writer decides how many there could be.</summary>
    private const int MaxFindings = 40;

    /// <summary>Beyond this it is only too much.</summary>
    private const int MaxFollowed = 40;

    private readonly List<DomainFinding> _findings = [];
    private readonly HashSet<string> _included = new(StringComparer.OrdinalIgnoreCase);
    private int _lookups;
    private int _voids;
    private bool _isUnknown;
    private bool _isBroken;
    private bool? _letsPass;

    /// <param name="domain">The domain in MAIL FROM.</param>
    public async Task<SpfResult> OfAsync(string domain, CancellationToken ct)
    {
        (_lookups, _voids, _isUnknown, _isBroken, _letsPass) = (0, 0, false, false, null);
        _findings.Clear();
        _included.Clear();
        var answer = await dns.AskAsync(domain, DnsRecordType.Txt, ct);
        if (!answer.IsKnown)
        {
            return Result(DomainFinding.Unanswered(DomainTopics.Spf, $"The SPF record of {domain}", answer));
        }

        var records = answer.Values.Select(value => value.Text).Where(SpfRecord.IsSpf).ToList();
        if (records.Count == 0)
        {
            return Result(Missing(domain, answer));
        }

        if (records.Count > 1)
        {
            return Result(
                Error(
                    "several_records",
                    $"{domain} has {records.Count} SPF records, so none of them counts (RFC 7208, section 4.5). Replace them by one.",
                    new(domain, "TXT", SpfRecord.Merge(records))
                )
            );
        }

        var record = SpfRecord.Parse(records[0]);
        OfRecord(domain, record).ForEach(Add);
        var verdict = await FollowAsync(domain, domain, record, [domain], ct);
        Count(domain, records[0]);
        if (question.SendingAddress is { } address && !_isBroken && !_isUnknown)
        {
            Judge(domain, address, verdict ?? '?', record);

            // Mails may leave by another address than the one that takes them, so a refusal of that one is no verdict.
            _letsPass = verdict == '+' ? true : null;
        }
        else if (question.Provider?.SpfInclude is { } needed && _included.Contains(needed))
        {
            _letsPass = true;
        }

        if (!_findings.Exists(one => one.Severity is DomainSeverity.Error or DomainSeverity.Warning) && !_isUnknown)
        {
            _findings.Insert(
                0,
                new(
                    "spf_good",
                    DomainTopics.Spf,
                    FindingBasis.Measured,
                    DomainSeverity.Good,
                    $"{domain} has one SPF record that can be used; it takes {_lookups} of {MaxLookups} lookups."
                )
            );
        }

        return Result();
    }

    private SpfResult Result(params DomainFinding[] last)
    {
        List<DomainFinding> all = [.. _findings, .. last];
        return new(all, _lookups, _voids, all.Exists(one => one.Severity == DomainSeverity.Error) ? false : _letsPass);
    }

    private DomainFinding Missing(string domain, DnsAnswer answer)
    {
        var provider = question.Provider;
        var allowed =
            provider?.SpfInclude is { } include ? $"include:{include} "
            : provider is not null ? ""
            : question.SendingAddress is { } address ? $"{MechanismOf(address)} "
            : question.Relay is { } relay && !IPAddress.TryParse(relay, out _) ? $"a:{relay} "
            : null;
        var near = answer.Values.FirstOrDefault(value => value.Text.Contains("spf", StringComparison.OrdinalIgnoreCase));
        var why = near is null
            ? $"{domain} has no SPF record"
            : $"{domain} has a TXT record that speaks of SPF but does not begin with \"v=spf1 \" ({Short(near.Text)}), so it "
                + "counts for nothing";
        return allowed is null
            ? Error(
                "missing",
                $"{why}. Publish one that names the address that mails leave from, which is not known here: for 192.0.2.25 it is "
                    + "\"v=spf1 ip4:192.0.2.25 ~all\"."
            )
            : Error(
                "missing",
                $"{why}. Publish one that names whoever sends its mails, beside the other TXT records that are there.",
                new(domain, "TXT", $"v=spf1 {allowed}~all")
            );
    }

    /// <returns>The qualifier of the first term that fits the sending address; null when none does, or it is not known.</returns>
    private async Task<char?> FollowAsync(string domain, string sender, SpfRecord record, HashSet<string> path, CancellationToken ct)
    {
        char? verdict = null;

        // RFC 7208, section 6.1: a redirect comes last, wherever it stands.
        foreach (var term in record.Terms.OrderBy(term => term.Kind == SpfKind.Redirect))
        {
            if (term.Kind == SpfKind.Invalid)
            {
                Break(
                    $"The SPF record of {domain} holds \"{Short(term.Text)}\", which nobody understands, so all of it counts for nothing.",
                    "syntax"
                );
                continue;
            }

            if (term.Kind == SpfKind.Redirect && record.All is not null)
            {
                // RFC 7208, section 6.1: with an "all" it is ignored.
                continue;
            }

            if (term.IsLookup && ++_lookups > MaxFollowed)
            {
                return verdict;
            }

            var fits = await FitsAsync(term, domain, sender, path, ct);
            verdict ??= fits;
        }

        return verdict;
    }

    /// <returns>The qualifier where the term fits, for a redirect what came of it; null where it does not.</returns>
    private async Task<char?> FitsAsync(SpfTerm term, string domain, string sender, HashSet<string> path, CancellationToken ct)
    {
        var address = question.SendingAddress;
        switch (term.Kind)
        {
            case SpfKind.All:
                return term.Qualifier;
            case SpfKind.Ip4 or SpfKind.Ip6:
                return address is not null && term.Network is { } network && Contains(network, address) ? term.Qualifier : null;
            case SpfKind.Modifier:
                return null;
        }

        var expanded = SpfMacros.Expand(term.Domain ?? domain, domain, sender, address);
        if (!expanded.IsValid)
        {
            Break($"The SPF record of {domain} holds \"{Short(term.Text)}\", whose macro cannot be read.", "syntax");
            return null;
        }

        if (expanded.Text is not { } target || term.Kind == SpfKind.Ptr)
        {
            // It differs from mail to mail, and is counted; what it says of one is not known.
            return null;
        }

        switch (term.Kind)
        {
            case SpfKind.Include or SpfKind.Redirect:
                var inner = await IncludeAsync(term, domain, target, sender, path, ct);
                return term.Kind == SpfKind.Redirect ? inner
                    : inner == '+' ? term.Qualifier
                    : null;
            case SpfKind.Exists:
                var exists = await AskAsync(target, DnsRecordType.A, ct);
                return exists.Outcome == DnsOutcome.Found ? term.Qualifier : null;
            case SpfKind.A:
                return await HostFitsAsync(target, term, isCounted: true, ct) ? term.Qualifier : null;
            default:
                return await MxFitsAsync(target, term, ct) ? term.Qualifier : null;
        }
    }

    private async Task<char?> IncludeAsync(
        SpfTerm term,
        string domain,
        string target,
        string sender,
        HashSet<string> path,
        CancellationToken ct
    )
    {
        if (!path.Add(target.ToLowerInvariant()))
        {
            Break(
                $"The SPF record of {domain} comes back to {target} in a circle ({Short(term.Text)}), so it counts for nothing.",
                "circle"
            );
            return null;
        }

        _included.Add(target);
        var answer = await AskAsync(target, DnsRecordType.Txt, ct);
        var records = answer.Values.Select(value => value.Text).Where(SpfRecord.IsSpf).ToList();
        char? verdict = null;
        if (answer.IsKnown && records.Count != 1)
        {
            var what = records.Count == 0 ? "has no SPF record" : $"has {records.Count} SPF records";
            Break(
                $"The SPF record of {domain} says {Short(term.Text)}, but {target} {what}, so all of it counts for nothing. "
                    + "Take it out, or "
                    + "correct the name.",
                "include_empty"
            );
        }
        else if (answer.IsKnown)
        {
            verdict = await FollowAsync(target, sender, SpfRecord.Parse(records[0]), path, ct);
        }

        path.Remove(target.ToLowerInvariant());
        return verdict;
    }

    private async Task<bool> MxFitsAsync(string target, SpfTerm term, CancellationToken ct)
    {
        var answer = await AskAsync(target, DnsRecordType.Mx, ct);
        if (answer.Values.Count > MaxHosts)
        {
            Break(
                $"\"{Short(term.Text)}\" leads to {answer.Values.Count} mail servers; {MaxHosts} are the most that SPF allows.",
                "too_many_hosts"
            );
        }

        if (question.SendingAddress is null)
        {
            return false;
        }

        foreach (var host in answer.Values.Take(MaxHosts))
        {
            if (await HostFitsAsync(host.Text, term, isCounted: false, ct))
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="isCounted">Whether nothing found is a void lookup: the hosts of an <c>mx</c> are counted with it.</param>
    private async Task<bool> HostFitsAsync(string host, SpfTerm term, bool isCounted, CancellationToken ct)
    {
        var four = await dns.AskAsync(host, DnsRecordType.A, ct);
        var six =
            four.Outcome == DnsOutcome.Found && question.SendingAddress?.AddressFamily != AddressFamily.InterNetworkV6
                ? DnsAnswer.NoRecord
                : await dns.AskAsync(host, DnsRecordType.Aaaa, ct);
        if (!four.IsKnown || !six.IsKnown)
        {
            Doubt(host, four.IsKnown ? six : four);
        }
        else if (isCounted && four.IsEmpty && six.IsEmpty)
        {
            _voids++;
        }

        return question.SendingAddress is { } address
            && four.Values.Concat(six.Values)
                .Select(value => IPAddress.TryParse(value.Text, out var known) ? known : null)
                .OfType<IPAddress>()
                .Any(known =>
                    Contains(
                        SpfTerm.Around(known, known.AddressFamily == AddressFamily.InterNetwork ? term.Prefix4 : term.Prefix6),
                        address
                    )
                );
    }

    private async Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken ct)
    {
        var answer = await dns.AskAsync(name, type, ct);
        if (answer.IsEmpty)
        {
            _voids++;
        }
        else if (!answer.IsKnown)
        {
            Doubt(name, answer);
        }

        return answer;
    }

    private void Count(string domain, string text)
    {
        if (_lookups > MaxLookups)
        {
            var includes = SpfRecord.Parse(text).Terms.Where(term => term.IsLookup).Select(term => Short(term.Text));
            Add(
                Error(
                    "too_many_lookups",
                    $"The SPF record of {domain} takes {(_lookups > MaxFollowed ? $"more than {MaxFollowed}" : _lookups)} "
                        + "lookups; more than "
                        + $"{MaxLookups} make it count for nothing. Take out whoever sends no more mail as {domain}, or give a "
                        + "sender a subdomain of "
                        + $"its own. Each of these needs at least one: {string.Join(", ", includes)}."
                )
            );
        }

        if (_voids > MaxVoidLookups)
        {
            Add(
                Error(
                    "too_many_void_lookups",
                    $"The SPF record of {domain} leads to {_voids} names that do not exist; more than {MaxVoidLookups} make it "
                        + "count for nothing. "
                        + "Take out the hosts and includes that are gone."
                )
            );
        }
    }

    private static string MechanismOf(IPAddress address) =>
        $"{(address.AddressFamily == AddressFamily.InterNetwork ? "ip4" : "ip6")}:{address}";

    private void Judge(string domain, IPAddress address, char verdict, SpfRecord record)
    {
        var basis = question.IsAddressGiven ? FindingBasis.Measured : FindingBasis.Declared;
        var whose = question.IsAddressGiven ? $"{address}" : $"{address}, the address of {question.Relay} (mails may leave from another)";
        _findings.Add(
            verdict == '+'
                ? new("spf_address_passes", DomainTopics.Spf, basis, DomainSeverity.Good, $"SPF of {domain} lets mail pass from {whose}.")
                : new(
                    "spf_address_fails",
                    DomainTopics.Spf,
                    basis,
                    question.IsAddressGiven ? DomainSeverity.Error : DomainSeverity.Warning,
                    $"SPF of {domain} does not let mail pass from {whose}. Add it to the record if it sends your mails.",
                    new(domain, "TXT", string.Join(' ', ["v=spf1", MechanismOf(address), .. record.Terms.Select(term => term.Text)]))
                )
        );
    }

    private void Break(string sentence, string code)
    {
        _isBroken = true;
        Add(Error(code, sentence));
    }

    private void Doubt(string name, DnsAnswer answer)
    {
        _isUnknown = true;
        Add(DomainFinding.Unanswered(DomainTopics.Spf, $"{name}, which the SPF record leads to,", answer));
    }

    private void Add(DomainFinding finding)
    {
        if (_findings.Count < MaxFindings && !_findings.Contains(finding))
        {
            _findings.Add(finding);
        }
    }

    private static bool Contains(IPNetwork network, IPAddress address) =>
        network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address);

    /// <summary>A record is anybody's words: they are shown on one line and not without end.</summary>
    private static string Short(string text) => ShownText.Of(text);
}

/// <param name="Lookups">Terms that need a query, with those of what is included.</param>
/// <param name="VoidLookups">Those that find nothing.</param>
/// <param name="LetsPass">Whether mails pass from where they leave; null when nobody knows where that is, or the DNS did not say.</param>
internal sealed record SpfResult(IReadOnlyList<DomainFinding> Findings, int Lookups, int VoidLookups, bool? LetsPass);
