using System.Buffers;
using MimeKit;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// What is said to mail servers that hand over what comes back. Mails to our return paths are taken, and none is passed on. "Taken" is said
/// once what a mail says is on the disk, and "later" to what fails on our side, so that the mail server keeps it.
/// </summary>
/// <remarks>SmtpServer disposes of what it asks after each question, so this holds nothing.</remarks>
internal sealed partial class SmtpIntake(ReturnPath returnPath, TakeInReports reports, ILogger<SmtpIntake> logger)
    : IMailboxFilter,
        IMessageStore
{
    private static readonly SmtpResponse Taken = new(SmtpReplyCode.Ok, "2.0.0 Taken");
    private static readonly SmtpResponse Later = new(SmtpReplyCode.Aborted, "4.3.0 Not now, come again later");
    private static readonly SmtpResponse NoMail = new(SmtpReplyCode.TransactionFailed, "5.6.0 This is no mail");

    /// <summary>Reports have no sender, complaints have one.</summary>
    public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
        Task.FromResult(true);

    public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
        Task.FromResult(returnPath.Takes(to.AsAddress()));

    public async Task<SmtpResponse> SaveAsync(
        ISessionContext context,
        IMessageTransaction transaction,
        ReadOnlySequence<byte> buffer,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var report = await MimeMessage.LoadAsync(new MemoryStream(buffer.ToArray()), cancellationToken);
            await reports.StoreAsync(
                report,
                transaction.To.Select(one => one.AsAddress()),
                cancellationToken,
                sender: transaction.From?.AsAddress()
            );
            return Taken;
        }
        catch (FormatException)
        {
            return NoMail;
        }
        catch (Exception ours)
        {
            // An exception would become a 554, and the mail server would forget the mail.
            LogNotTaken(ours);
            return Later;
        }
    }

    [LoggerMessage(LogLevel.Error, "A mail that came back could not be stored; the mail server was asked to bring it again")]
    private partial void LogNotTaken(Exception exception);
}
