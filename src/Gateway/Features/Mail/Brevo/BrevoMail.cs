using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents;
using MimeKit;

namespace Gateway.Features.Mail.Brevo;

/// <summary>
/// Sends by Brevo's transactional API. Opens and clicks are counted as the account says, for its API knows no switch for one mail.
/// </summary>
internal sealed class BrevoMail(IBrevoMailApi api, BrevoMailOptions options, ApiAccount account, TimeProvider clock)
    : ApiTransport(account, clock)
{
    public const string Key = "brevo";

    /// <summary>Of two calls with the same one within minutes Brevo sends the first alone.</summary>
    private const string IdempotencyKey = "idempotencyKey";

    protected override Task<HttpResponseMessage> CallAsync(ApiMail mail, CancellationToken ct) =>
        api.SendAsync(
            options.ApiKey!,
            new(
                PersonOf(mail.From)!,
                [PersonOf(mail.To)!],
                PersonOf(mail.ReplyTo),
                mail.Subject,
                mail.Text,
                mail.Html,
                new Dictionary<string, string>(mail.Headers)
                {
                    ["Message-ID"] = $"<{mail.MessageId}>",
                    [CorrelationHeaders.Brevo] = CorrelationHeaders.Json(mail.Reference),
                    [IdempotencyKey] = mail.Id.ToString(),
                }
            ),
            ct
        );

    protected override MailOutcome Judge(ApiAnswer answer) => BrevoMailAnswers.Judge(answer);

    private static BrevoPerson? PersonOf(MailboxAddress? mailbox) =>
        mailbox is null ? null : new(ApiMail.AddressOf(mailbox), mailbox.Name is { Length: > 0 } name ? name : null);
}
