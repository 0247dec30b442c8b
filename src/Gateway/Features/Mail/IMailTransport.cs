using MimeKit;

namespace Gateway.Features.Mail;

/// <summary>A way to send mail.</summary>
internal interface IMailTransport
{
    /// <summary>What <see cref="SendAsync"/> takes at the most, with all its time-outs; a batch's lease outlives it.</summary>
    TimeSpan TimeLimit { get; }

    Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct);
}

/// <summary>What became of a mail. Every text is what the other side said, without addresses.</summary>
internal abstract record MailOutcome(string Answer)
{
    /// <summary>The server took it.</summary>
    public sealed record Sent(string Answer) : MailOutcome(Answer);

    /// <summary>The server refuses it for good (5xx).</summary>
    public sealed record Refused(string Answer) : MailOutcome(Answer);

    /// <summary>Certainly not taken (4xx, no connection): try later.</summary>
    public sealed record Later(string Answer) : MailOutcome(Answer);

    /// <summary>It was not its turn: the row goes back as it was.</summary>
    public sealed record NotTried(string Answer) : MailOutcome(Answer);

    /// <summary>
    /// The connection was lost after the mail was handed over. One repeat with the same Message-ID is acceptable, further ones are not.
    /// </summary>
    public sealed record Unknown(string Answer) : MailOutcome(Answer);
}
