using Gateway.Features.Mail.Bounces;
using Gateway.Infrastructure.Connections;
using MimeKit;

namespace Gateway.Features.Mail;

/// <summary>A way to send mail.</summary>
internal interface IMailTransport
{
    /// <summary>Who takes the mails, as settings and connections name it: <c>smtp</c>, <c>postmark</c>.</summary>
    string Provider => MailOptions.SmtpTransport;

    /// <summary>
    /// The host that mails are handed to as they are written, so that it finds the headers that it alone reads; null for all others.
    /// </summary>
    string? Relay => null;

    /// <summary>What <see cref="SendAsync"/> takes at the most, with all its time-outs; a batch's lease outlives it.</summary>
    TimeSpan TimeLimit { get; }

    /// <summary>The connection that mail to this address goes over; it is held as a whole (<see cref="Outage.Connection"/>).</summary>
    string ConnectionTo(string address) => MailConnections.Transport;

    Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct);

    /// <summary>Asks for a mail that was handed over before without an answer, where the other side can be asked.</summary>
    /// <returns>Null where it was not found, or nobody can tell.</returns>
    Task<MailOutcome.Sent?> FindAsync(MimeMessage message, CancellationToken ct) => Task.FromResult<MailOutcome.Sent?>(null);
}

/// <summary>What became of a mail. Every text is what the other side said, without addresses.</summary>
internal abstract record MailOutcome(string Answer)
{
    /// <summary>The server took it.</summary>
    public sealed record Sent(string Answer) : MailOutcome(Answer);

    /// <summary>The server refuses it for good (5xx).</summary>
    /// <param name="Kind">
    /// What a refusal is alike in that speaks neither of the recipient nor of the mail's size: its codes, such as <c>554 5.7.1</c>, or its
    /// words; null for others. One such refusal is about one mail; where all get it, it is about us.
    /// </param>
    /// <param name="Read">Whether the server had read the whole mail.</param>
    /// <param name="IsHardBounce">Whether it says that the recipient does not exist (<see cref="HardBounce"/>).</param>
    public sealed record Refused(string Answer, string? Kind = null, bool Read = false, bool IsHardBounce = false) : MailOutcome(Answer);

    /// <summary>Certainly not taken (4xx, no connection): try later.</summary>
    public sealed record Later(string Answer) : MailOutcome(Answer);

    /// <summary>It was not its turn: the row goes back as it was.</summary>
    public sealed record NotTried(string Answer) : MailOutcome(Answer);

    /// <summary>
    /// Certainly not taken, and not because of the recipient: whatever else goes the same way would fare the same, so it waits.
    /// </summary>
    /// <param name="IsSender">Whether the server refuses the sender alone; mail from others may go.</param>
    /// <param name="IsFinal">Whether it is a refusal if it is about the recipient after all.</param>
    public sealed record Held(ConnectionError Error, bool IsSender = false, bool IsFinal = false) : MailOutcome(Error.Reason);

    /// <summary>
    /// The connection was lost after the mail was handed over. One repeat with the same Message-ID is acceptable, further ones are not.
    /// </summary>
    public sealed record Unknown(string Answer) : MailOutcome(Answer);
}
