using System.Net;
using DnsClient;
using DnsClient.Protocol;
using Gateway.Features.Mail.Rates;
using Microsoft.Extensions.Options;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>Whether a domain has a server that takes mail.</summary>
internal interface IMailServerLookup
{
    /// <returns>Null when nobody could say within the time. Throws nothing.</returns>
    Task<bool?> TakesMailAsync(string domain, CancellationToken ct);
}

/// <summary>
/// Asks the name servers of this machine, as RFC 5321 (section 5.1) and RFC 7505 say: a single MX with an empty name means no mail;
/// without an MX the domain's own address counts.
/// </summary>
internal sealed partial class DnsMailServers(
    IOptions<ConfirmationOptions> options,
    RecipientProviders providers,
    ILogger<DnsMailServers> logger
) : IMailServerLookup
{
    private readonly Lazy<LookupClient> _dns = new(() => new(OptionsFor(options.Value.Domains.NameServer)));

    public async Task<bool?> TakesMailAsync(string domain, CancellationToken ct)
    {
        try
        {
            var answer = await AskAsync(domain, QueryType.MX, ct);
            if (answer is null)
            {
                return null;
            }

            var servers = answer.OfType<MxRecord>().OrderBy(one => one.Preference).ToList();
            providers.Note(domain, servers.Select(one => one.Exchange.Value));
            return servers is [{ Exchange.Value: "." or "" }] ? false
                : servers.Count > 0 ? true
                : await HasAddressAsync(domain, ct);
        }
        catch (Exception silent)
            when (silent is DnsResponseException or OperationCanceledException or InvalidOperationException or ArgumentException)
        {
            LogNoAnswer(silent.GetType().Name);
            return null;
        }
    }

    private async Task<bool?> HasAddressAsync(string domain, CancellationToken ct)
    {
        var (four, six) = (await AskAsync(domain, QueryType.A, ct), await AskAsync(domain, QueryType.AAAA, ct));
        return four is null || six is null ? null : four.Concat(six).OfType<AddressRecord>().Any();
    }

    /// <returns>Null when the servers failed; nothing when there is no such name.</returns>
    private async Task<IReadOnlyList<DnsResourceRecord>?> AskAsync(string domain, QueryType type, CancellationToken ct)
    {
        var answer = await _dns.Value.QueryAsync(domain, type, cancellationToken: ct);
        return answer.Header.ResponseCode is DnsHeaderResponseCode.NoError or DnsHeaderResponseCode.NotExistentDomain
            ? answer.Answers
            : null;
    }

    private static LookupClientOptions OptionsFor(string? server)
    {
        var dns = server is { Length: > 0 } ? new LookupClientOptions(EndPointOf(server)) : new LookupClientOptions();
        dns.Timeout = TimeSpan.FromSeconds(2);
        dns.Retries = 0;
        return dns;
    }

    private static IPEndPoint EndPointOf(string server)
    {
        var end = IPEndPoint.Parse(server);
        return end.Port == 0 ? new(end.Address, 53) : end;
    }

    [LoggerMessage(LogLevel.Debug, "The name servers did not say whether a domain takes mail: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
