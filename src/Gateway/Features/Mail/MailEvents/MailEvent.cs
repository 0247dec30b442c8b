using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>
/// Something a provider told us of a mail, as it told it. Told again, it is the same row. The table is the queue of
/// <see cref="ApplyMailEvents"/>.
/// </summary>
internal sealed class MailEvent : ILeased
{
    public Guid Id { get; set; }

    /// <summary>Who told it (<see cref="MailEventSource"/>).</summary>
    public Guid SourceId { get; set; }

    /// <summary>The source's (<see cref="MailEventFormats"/>), which may be gone.</summary>
    public required string Provider { get; set; }

    /// <summary>The site it is about; <see cref="Guid.Empty"/> while nobody knows, and of what is about several or none.</summary>
    public Guid SiteId { get; set; }

    /// <summary>SHA-256 of what makes it the same event when it comes again, such as the provider's own id of it.</summary>
    public required byte[] Key { get; set; }

    public MailEventType Type { get; set; }

    /// <summary>The message that the event names, by our id, whether there is such a message or not.</summary>
    public Guid? MessageId { get; set; }

    /// <summary><see cref="Infrastructure.Text.EmailAddress.Key"/> of the address that the event names; erased with the person.</summary>
    public string? Address { get; set; }

    /// <summary>The list at the provider that the event is about, by its id there; null of what is about none, or all.</summary>
    public string? ProviderList { get; set; }

    /// <summary>The enhanced status code (RFC 3463), such as <c>5.1.1</c>, where the event or its words hold one.</summary>
    public string? Code { get; set; }

    /// <summary>What the receiving server or the provider said, without addresses.</summary>
    public string? Detail { get; set; }

    /// <summary>When it happened, says the provider; never later than <see cref="ReceivedAt"/>.</summary>
    public DateTime OccurredAt { get; set; }

    public DateTime ReceivedAt { get; set; }

    /// <summary>As it came.</summary>
    public required byte[] Body { get; set; }

    public MailEventState State { get; set; }

    /// <summary>Why it could not be applied, or why it changed nothing.</summary>
    public string? Remark { get; set; }

    public int Failures { get; set; }

    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailEvent>
    {
        public void Configure(EntityTypeBuilder<MailEvent> builder)
        {
            builder.ToTable("mail_events");
            builder.HasIndex(row => new { row.SourceId, row.Key }).IsUnique();
            builder.HasIndex(row => row.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(row => row.MessageId).HasFilter("message_id is not null");
            builder.HasIndex(row => row.Address).HasFilter("address is not null");
            builder.HasIndex(row => row.Id).HasFilter("state = 'failed'");
        }
    }
}

/// <summary>What became of a mail, in one set of words for all providers.</summary>
internal enum MailEventType
{
    /// <summary>The receiving server took it.</summary>
    Delivered,

    /// <summary>It was put off, and the provider tries again.</summary>
    Deferred,

    /// <summary>It came back for good, since the mailbox or the domain does not exist.</summary>
    HardBounced,

    /// <summary>It came back for another reason, such as a full mailbox.</summary>
    SoftBounced,

    /// <summary>Refused for what the mail or its sender is, or not even tried by the provider.</summary>
    Blocked,

    /// <summary>The recipient called it spam.</summary>
    Complained,

    /// <summary>The recipient asked the provider for no more mail.</summary>
    Unsubscribed,

    /// <summary>
    /// Somebody was taken off a list at its provider, or deleted there, by whoever runs it: they refused nothing, and are on it no more.
    /// </summary>
    Removed,

    Opened,
    Clicked,

    /// <summary>Anything else, and what could not be understood: kept and counted.</summary>
    Other,
}

internal enum MailEventState
{
    Waiting,
    Applied,

    /// <summary>It says nothing that changes anything.</summary>
    Ignored,

    /// <summary>It names no message and nobody that is known here.</summary>
    Unmatched,

    Failed,
}
