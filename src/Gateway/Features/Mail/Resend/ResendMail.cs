using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents;

namespace Gateway.Features.Mail.Resend;

/// <summary>Sends by Resend's API. Opens and clicks are counted where the sender's domain says so there, and not by mail.</summary>
internal sealed class ResendMail(IResendApi api, ResendOptions options, ApiAccount account, TimeProvider clock)
    : ApiTransport(account, clock)
{
    public const string Key = "resend";

    protected override Task<HttpResponseMessage> CallAsync(ApiMail mail, CancellationToken ct) =>
        api.SendAsync(
            options.ApiKey!,
            mail.Reference,
            new(
                mail.Sender,
                [ApiMail.AddressOf(mail.To)],
                mail.ReplyTo is { } replyTo ? ApiMail.AddressOf(replyTo) : null,
                mail.Subject,
                mail.Text,
                mail.Html,
                new Dictionary<string, string>(mail.Headers)
                {
                    ["Message-ID"] = $"<{mail.MessageId}>",
                    [CorrelationHeaders.Resend] = mail.Reference,
                }
            ),
            ct
        );

    protected override MailOutcome Judge(ApiAnswer answer) => ResendAnswers.Judge(answer);
}
