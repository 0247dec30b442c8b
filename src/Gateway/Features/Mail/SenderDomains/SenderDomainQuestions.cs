using System.Net;
using Gateway.Features.Mail.AmazonSes;
using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.Dkim;
using Gateway.Features.Mail.Smtp;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What the settings, and a mail that the gateway sent to itself, say of how the mails of a domain leave.</summary>
internal sealed class SenderDomainQuestions(
    IOptions<MailOptions> options,
    IEnumerable<TransportProvider> providers,
    IServiceProvider services,
    DkimKeyStore keys,
    DomainTestMails tests
)
{
    /// <param name="domain">In ASCII and lower case.</param>
    public async Task<DomainQuestion> OfAsync(string domain, CancellationToken ct)
    {
        var mail = options.Value;
        var asked = new DomainQuestion(domain) { Relay = RelayOf(mail.Transport) };
        if (asked.Provider is null && IPAddress.TryParse(mail.SendingAddress, out var address))
        {
            asked = asked with { SendingAddress = address, IsAddressGiven = true };
        }

        asked = asked with
        {
            // Providers put their own in its place, wherever we say that mails come back to.
            ReturnPath = asked.Provider is { OwnReturnPath: true }
                ? null
                : EmailAddress.Parse(mail.ReturnPath)?.Key.Split('@')[^1] ?? domain,
            OwnKeys =
            [
                .. (await keys.OfDomainAsync(domain, ct)).Where(key => key.State != DkimKeyState.Retired).Select(key => key.Record()),
            ],
        };
        return await tests.SeenAsync(domain, ct) is { } seen ? asked.AsSeenIn(seen) : asked;
    }

    /// <returns>The host that mails are handed to; null for the mailbox of a first run.</returns>
    private string? RelayOf(string? transport) =>
        providers.FirstOrDefault(one => one.Key == transport)?.Account.Installation(services) switch
        {
            SmtpOptions smtp => smtp.Host,
            SesOptions ses => ses.ToSmtp(ses).Host,
            ApiOptions api => api.BaseUrl?.Host,
            _ => null,
        };
}
