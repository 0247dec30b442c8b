using Gateway.Features.Mail.Rates;
using Gateway.Infrastructure.NameServers;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>Whether a domain has a server that takes mail.</summary>
internal interface IMailServerLookup
{
    /// <returns>Null when nobody could say within the time. Throws nothing.</returns>
    Task<bool?> TakesMailAsync(string domain, CancellationToken ct);
}

/// <summary>Asks the DNS (<see cref="MailExchangers"/>).</summary>
internal sealed partial class DnsMailServers(IDnsAnswers dns, RecipientProviders providers, ILogger<DnsMailServers> logger)
    : IMailServerLookup
{
    public async Task<bool?> TakesMailAsync(string domain, CancellationToken ct)
    {
        try
        {
            var servers = await MailExchangers.OfAsync(dns, domain, ct);
            if (servers.Unanswered is { } unanswered)
            {
                LogNoAnswer(unanswered.Detail ?? "");
            }

            providers.Note(domain, servers.Hosts);
            return servers.TakesMail;
        }
        catch (OperationCanceledException)
        {
            LogNoAnswer("not within the time");
            return null;
        }
    }

    [LoggerMessage(LogLevel.Debug, "The name servers did not say whether a domain takes mail: {Reason}")]
    private partial void LogNoAnswer(string reason);
}
