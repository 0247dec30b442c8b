using Gateway.Features.Mail.Api;
using Gateway.Features.Mail.MailEvents;

namespace Gateway.Features.Mail.Postmark;

/// <summary>
/// Sends by Postmark's API. A server whose own setting is to count opens counts them whatever a mail says; links are never counted.
/// </summary>
internal sealed class PostmarkMail(IPostmarkApi api, PostmarkOptions options, ApiAccount account, TimeProvider clock)
    : ApiTransport(account, clock)
{
    public const string Key = "postmark";

    protected override Task<HttpResponseMessage> CallAsync(ApiMail mail, CancellationToken ct) =>
        api.SendAsync(
            options.ServerToken!,
            new(
                mail.Sender,
                ApiMail.Written(mail.To),
                mail.ReplyTo is { } replyTo ? ApiMail.Written(replyTo) : null,
                mail.Subject,
                mail.Text,
                mail.Html,
                [
                    .. mail.Headers.Select(one => new PostmarkHeader(one.Key, one.Value)),
                    new("Message-ID", $"<{mail.MessageId}>"),
                    // Without it Postmark makes a Message-ID of its own.
                    new("X-PM-KeepID", "true"),
                ],
                new Dictionary<string, string> { [CorrelationHeaders.Name] = mail.Reference },
                options.MessageStream
            ),
            ct
        );

    protected override MailOutcome Judge(ApiAnswer answer) => PostmarkAnswers.Judge(answer);
}
