using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>A mailbox that is open: somebody has signed in to it.</summary>
internal interface IBounceMailbox : IDisposable
{
    /// <summary>
    /// Reads what was not read before. A mail counts as read once <paramref name="store"/> has come back, so that none is lost with the
    /// line or the process; then it may be read twice.
    /// </summary>
    /// <param name="store">Stores what a mail says, and tells whether it says anything.</param>
    Task TakeInAsync(Func<MimeMessage, CancellationToken, Task<bool>> store, CancellationToken ct);

    /// <summary>Comes back when something may have arrived.</summary>
    /// <returns>False when the mailbox was closed meanwhile and has to be opened again.</returns>
    Task<bool> WaitAsync(CancellationToken ct);
}
