using System.Text;
using Gateway.Features.Mail.Api;
using MimeKit;

namespace Gateway.Features.Mail.Mailjet;

/// <summary>
/// Sends by Mailjet's Send API v3.1. It makes the Message-ID itself and refuses a mail that brings one, so what became of a mail is found
/// by the name that we give it.
/// </summary>
internal sealed class MailjetMail(IMailjetMailApi api, MailjetMailOptions options, ApiAccount account, TimeProvider clock)
    : ApiTransport(account, clock)
{
    public const string Key = "mailjet";

    private readonly string _credentials = CredentialsOf(options);

    /// <summary>As the scheme Basic has them.</summary>
    public static string CredentialsOf(MailjetMailOptions options) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.ApiKey}:{options.SecretKey}"));

    public override async Task<MailOutcome.Sent?> FindAsync(MimeMessage message, CancellationToken ct)
    {
        var mail = await ApiMail.OfAsync(message, ct);
        var answer = await AskAsync(limited => api.FindAsync(_credentials, mail.Reference, limited), mail.To, ct);
        return MailjetMailAnswers.IsThere(answer) ? answer.SentBefore() : null;
    }

    protected override Task<HttpResponseMessage> CallAsync(ApiMail mail, CancellationToken ct) =>
        api.SendAsync(
            _credentials,
            new([
                new(
                    PersonOf(mail.From)!,
                    [PersonOf(mail.To)!],
                    PersonOf(mail.ReplyTo),
                    mail.Subject,
                    mail.Text,
                    mail.Html,
                    mail.Headers.ToDictionary(),
                    mail.Reference
                ),
            ]),
            ct
        );

    protected override MailOutcome Judge(ApiAnswer answer) => MailjetMailAnswers.Judge(answer);

    private static MailjetPerson? PersonOf(MailboxAddress? mailbox) =>
        mailbox is null ? null : new(ApiMail.AddressOf(mailbox), mailbox.Name is { Length: > 0 } name ? name : null);
}
