using Gateway.Infrastructure.Http;
using MimeKit;

namespace Gateway.Features.Mail.Api;

/// <summary>Hands mails to a provider by its API, one call for each mail.</summary>
/// <param name="account">What the transport is of: names in sentences, and how long a call may take.</param>
internal abstract class ApiTransport(ApiAccount account, TimeProvider clock) : IMailTransport
{
    public string Provider => account.Key;

    public TimeSpan TimeLimit => account.TimeLimit;

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
    {
        var mail = await ApiMail.OfAsync(message, ct);
        return Judge(await AskAsync(limited => CallAsync(mail, limited), mail.To, ct));
    }

    public virtual Task<MailOutcome.Sent?> FindAsync(MimeMessage message, CancellationToken ct) =>
        Task.FromResult<MailOutcome.Sent?>(null);

    /// <summary>Makes the one call that hands the mail over.</summary>
    protected abstract Task<HttpResponseMessage> CallAsync(ApiMail mail, CancellationToken ct);

    /// <summary>Says what an answer to that call means: whom it concerns, and whether the mail was taken.</summary>
    protected abstract MailOutcome Judge(ApiAnswer answer);

    /// <param name="to">Whom the question is about.</param>
    protected async Task<ApiAnswer> AskAsync(
        Func<CancellationToken, Task<HttpResponseMessage>> call,
        MailboxAddress to,
        CancellationToken ct
    ) => new(await CallAnswer.OfAsync(call, TimeLimit, clock, ct), account.Title, account.Settings, to);
}

/// <param name="Key">As in settings and rows: <c>postmark</c>.</param>
/// <param name="Title">As in sentences: <c>Postmark</c>.</param>
/// <param name="Settings">The section of the installation's settings, <c>Mail__Postmark</c>.</param>
/// <param name="TimeLimit">For one call.</param>
internal sealed record ApiAccount(string Key, string Title, string Settings, TimeSpan TimeLimit);
