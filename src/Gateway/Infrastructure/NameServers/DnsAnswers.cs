using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.NameServers;

/// <summary>
/// Asks the name servers of this machine, or the one that <see cref="GatewayOptions.NameServer"/> names. Follows aliases (CNAME) where the
/// server did not, and takes a loop of them for what it is: a name that nobody can resolve.
/// </summary>
internal sealed class DnsAnswers(IOptions<GatewayOptions> options) : IDnsAnswers
{
    /// <summary>Resolvers give up at about as many.</summary>
    private const int MaxAliases = 8;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Lazy<LookupClient> _dns = new(() => new(OptionsFor(options.Value.NameServer)));

    public async Task<DnsAnswer> AskAsync(string name, DnsRecordType type, CancellationToken ct)
    {
        var (asked, visited) = (name, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name });
        while (true)
        {
            var (answer, error) = await QueryAsync(asked, type, ct);
            if (answer is null)
            {
                return error!;
            }

            var end = EndOf(answer, asked, visited);
            if (end is null || visited.Count > MaxAliases)
            {
                return new(DnsOutcome.Failed, [], Detail: "its aliases (CNAME) lead nowhere or in a circle");
            }

            var alias = string.Equals(end, name, StringComparison.OrdinalIgnoreCase) ? null : end;
            var values = answer
                .Answers.Where(record => string.Equals(Plain(record.DomainName), end, StringComparison.OrdinalIgnoreCase))
                .Select(ValueOf)
                .OfType<DnsValue>()
                .ToList();
            if (values.Count > 0)
            {
                return new(DnsOutcome.Found, values, alias);
            }

            if (answer.Header.ResponseCode == DnsHeaderResponseCode.NotExistentDomain)
            {
                return DnsAnswer.NoName with { Alias = alias };
            }

            if (string.Equals(end, asked, StringComparison.OrdinalIgnoreCase))
            {
                return DnsAnswer.NoRecord with { Alias = alias };
            }

            asked = end;
        }

        DnsValue? ValueOf(DnsResourceRecord record) =>
            (type, record) switch
            {
                (DnsRecordType.A, ARecord a) => new(a.Address.ToString()),
                (DnsRecordType.Aaaa, AaaaRecord aaaa) => new(aaaa.Address.ToString()),
                (DnsRecordType.Mx, MxRecord mx) => new(Plain(mx.Exchange), mx.Preference),
                (DnsRecordType.Ptr, PtrRecord ptr) => new(Plain(ptr.PtrDomainName)),

                // RFC 7208, section 3.3: the strings of one record are joined without a space.
                (DnsRecordType.Txt, TxtRecord txt) => new(string.Concat(txt.Text)),
                _ => null,
            };
    }

    private async Task<(IDnsQueryResponse? Answer, DnsAnswer? Error)> QueryAsync(string name, DnsRecordType type, CancellationToken ct)
    {
        try
        {
            var answer = await _dns.Value.QueryAsync(name, TypeOf(type), cancellationToken: ct);
            return answer.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain
                ? (answer, null)
                : (null, new(DnsOutcome.Failed, [], Detail: $"its name servers answered {answer.Header.ResponseCode}"));
        }
        catch (DnsResponseException error) when (error.Code == DnsResponseCode.ConnectionTimeout)
        {
            ct.ThrowIfCancellationRequested();
            return (null, new(DnsOutcome.TimedOut, [], Detail: "no name server answered in time"));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, new(DnsOutcome.TimedOut, [], Detail: "no name server answered in time"));
        }
        catch (Exception unreadable) when (unreadable is not OperationCanceledException)
        {
            // Whoever answers may send any bytes, and the parser has many ways to say that they are none.
            return (null, new(DnsOutcome.Failed, [], Detail: "the answer of its name servers cannot be read"));
        }
    }

    /// <returns>Where the aliases in an answer lead; null where they go in a circle.</returns>
    private static string? EndOf(IDnsQueryResponse answer, string name, HashSet<string> visited)
    {
        var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var alias in answer.Answers.OfType<CNameRecord>())
        {
            aliases.TryAdd(Plain(alias.DomainName), Plain(alias.CanonicalName));
        }

        var end = name;
        while (aliases.TryGetValue(end, out var next))
        {
            if (!visited.Add(next))
            {
                return null;
            }

            end = next;
        }

        return end;
    }

    private static string Plain(DnsString name) => name.Value.TrimEnd('.');

    private static QueryType TypeOf(DnsRecordType type) =>
        type switch
        {
            DnsRecordType.A => QueryType.A,
            DnsRecordType.Aaaa => QueryType.AAAA,
            DnsRecordType.Mx => QueryType.MX,
            DnsRecordType.Ptr => QueryType.PTR,
            _ => QueryType.TXT,
        };

    private static LookupClientOptions OptionsFor(string? server)
    {
        var dns = server is { Length: > 0 } ? new LookupClientOptions(EndPointOf(server)) : new LookupClientOptions();
        dns.Timeout = Timeout;
        dns.Retries = 1;

        // Who has just published a record wants to see it; the name servers remember as long as the record allows.
        dns.UseCache = false;
        return dns;
    }

    private static IPEndPoint EndPointOf(string server)
    {
        var end = IPEndPoint.Parse(server);
        return end.Port == 0 ? new(end.Address, 53) : end;
    }
}
