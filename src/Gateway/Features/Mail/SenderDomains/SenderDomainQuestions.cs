using Gateway.Features.Mail.Dkim;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What the settings say of how the mails of a domain leave.</summary>
internal sealed class SenderDomainQuestions(IOptions<MailOptions> options, DkimKeyStore keys)
{
    /// <param name="domain">In ASCII and lower case.</param>
    public async Task<DomainQuestion> OfAsync(string domain, CancellationToken ct)
    {
        var mail = options.Value;
        var relay = mail.Transport == MailOptions.SmtpTransport ? mail.Smtp.Host : null;
        var asked = new DomainQuestion(domain) { Relay = relay };
        return asked with
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
    }
}
