using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// Finds the DMARC record that holds for a domain, and the organization it belongs to, by going up its names (RFC 9989, section 4.10), with
/// no list of public suffixes.
/// </summary>
internal sealed class DmarcTreeWalk(IDnsAnswers dns)
{
    /// <summary>RFC 9989, section 4.10: a name of more than eight labels is shortened to seven, so there are at most eight
    /// queries.</summary>
    private const int MaxLabels = 8;

    /// <summary>The names whose records are looked at, from the domain upwards.</summary>
    public static IEnumerable<string> NamesOf(string domain)
    {
        var labels = domain.Split('.');
        yield return domain;
        for (var rest = labels.Length > MaxLabels ? labels[^(MaxLabels - 1)..] : labels[1..]; rest.Length > 0; rest = rest[1..])
        {
            yield return string.Join('.', rest);
        }
    }

    public async Task<DmarcDiscovery> OfAsync(string domain, CancellationToken ct)
    {
        var found = new List<DmarcFound>();
        string? organization = null;
        foreach (var name in NamesOf(domain))
        {
            var answer = await dns.AskAsync("_dmarc." + name, DnsRecordType.Txt, ct);
            if (!answer.IsKnown)
            {
                return new(null, found, "_dmarc." + name, answer);
            }

            var records = answer.Values.Select(value => value.Text).Where(IsDmarc).ToList();
            if (records.Count != 1)
            {
                // RFC 9989, section 4.10: several are as good as none.
                if (records.Count > 1)
                {
                    found.Add(new(name, records, IsValid: false));
                }

                continue;
            }

            found.Add(new(name, records, IsValid: true));
            var psd = TagList.Of(records[0])["psd"]?.ToLowerInvariant();
            if (psd == "n" || (psd == "y" && name != domain))
            {
                organization = psd == "n" ? name : Below(domain, name);
                break;
            }
        }

        organization ??= found.FindLast(one => one.IsValid)?.Domain ?? domain;
        return new(organization, found, null, null);
    }

    /// <summary>Whether a TXT record is one of DMARC: the version stands first, and its letters are large (RFC 9989, section
    /// 4.8).</summary>
    public static bool IsDmarc(string text)
    {
        var first = text.Split(';')[0];
        return first.IndexOf('=') is > 0 and var at
            && first[..at].Trim().Equals("v", StringComparison.OrdinalIgnoreCase)
            && first[(at + 1)..].Trim() == "DMARC1";
    }

    /// <returns>The name one label below the suffix, towards the domain.</returns>
    private static string Below(string domain, string suffix) => string.Join('.', domain.Split('.')[^(suffix.Split('.').Length + 1)..]);
}

/// <param name="Domain">Where it stands, without <c>_dmarc.</c></param>
/// <param name="Records">One, unless it is not valid.</param>
internal sealed record DmarcFound(string Domain, IReadOnlyList<string> Records, bool IsValid);

/// <summary>What the walk came to.</summary>
/// <param name="Organization">The organizational domain; null when nobody could say.</param>
/// <param name="Found">From the domain upwards.</param>
/// <param name="Unanswered">The name that was not answered, null where all were.</param>
internal sealed record DmarcDiscovery(string? Organization, IReadOnlyList<DmarcFound> Found, string? Unanswered, DnsAnswer? Error)
{
    /// <returns>The record that holds for the domain: its own, the organization's, or that of the public suffix; null where there is
    /// none.</returns>
    public DmarcFound? RecordFor(string domain) =>
        Found.FirstOrDefault(one => one.IsValid && one.Domain == domain)
        ?? Found.FirstOrDefault(one => one.IsValid && one.Domain == Organization)
        ?? Found.FirstOrDefault(one => one.IsValid && TagList.Of(one.Records[0])["psd"]?.ToLowerInvariant() == "y");
}
