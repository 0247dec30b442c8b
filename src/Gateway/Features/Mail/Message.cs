using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail;

/// <summary>An email to send, or sent. It is rendered when it is handed over, so that no link rests in the database in clear.</summary>
internal sealed class Message : IHoldable
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>Unique within the site: the same cause never makes two mails.</summary>
    public required string Key { get; set; }

    /// <summary>Of a transactional mail: SHA-256 of what was asked for, so that a key used again for something else is noticed.</summary>
    public byte[]? ContentHash { get; set; }

    /// <summary>
    /// The template's key: <c>confirmation</c>, <c>welcome</c>, <c>repermission</c>, or of a transactional mail, <c>plain</c> or that of a
    /// template of the site.
    /// </summary>
    public required string Template { get; set; }

    public required string Language { get; set; }

    /// <summary>Whom it is for; null for a transactional mail, which goes to <see cref="Address"/>.</summary>
    public Guid? ContactId { get; set; }

    /// <summary>The list it is about; null for a transactional mail.</summary>
    public Guid? ListId { get; set; }

    /// <summary>
    /// Where a transactional mail goes, as <see cref="Infrastructure.Text.EmailAddress.Key"/>, so that erasure finds it;
    /// null for a mail to a contact about a
    /// list.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>The sender a transactional mail was asked to have; null is the site's.</summary>
    public string? Sender { get; set; }

    public string? ReplyTo { get; set; }

    /// <summary>What fills its template (<see cref="MessageVariables"/>), encrypted; removed once the mail was handed over.</summary>
    public string? Variables { get; set; }

    /// <summary>Whether somebody is written to in earnest: no test of a template, and nothing that an operator is told.</summary>
    public bool IsInEarnest => ContactId is not null || ContentHash is not null;

    /// <summary>The version of a template that this mail only tries out; null for a mail in earnest.</summary>
    public Guid? TestOf { get; set; }

    /// <summary>The caller's own word for it.</summary>
    public string? Reference { get; set; }

    /// <summary>The request a confirmation mail belongs to.</summary>
    public Guid? RequestId { get; set; }

    /// <summary>
    /// Which mails go before all others, in SQL: somebody looks at the mailbox and waits for the link and the code in them.
    /// </summary>
    public const string IsConfirmation = "request_id is not null";

    /// <summary>All others, in SQL that no index of a part of the table fits: they are found by when they are due.</summary>
    public const string IsOther = "(request_id is null) is true";

    /// <summary>
    /// One of many alike that nobody waits for: a mail to a list other than a confirmation, or one that its caller calls so. It waits
    /// while a brake is on (<see cref="Rates.WatchRates"/>).
    /// </summary>
    public bool IsBulk { get; set; }

    /// <summary>
    /// Where the sums count it (<see cref="Rates.MailRateStore"/>): the sender's domain and the recipient's provider, with a space between.
    /// Null until it was handed over, and of what is not in earnest.
    /// </summary>
    public string? CountedAs { get; set; }

    /// <summary>The links and the code (<see cref="MessageSecrets"/>), encrypted; removed once the mail was handed over.</summary>
    public string? Secrets { get; set; }

    public MessageState State { get; set; }

    /// <summary>The part of the Message-ID before the @, the same at every try.</summary>
    public required string MessageId { get; set; }

    /// <summary>What the server said last, such as <c>250 2.0.0 Ok: queued as 4Zx</c>, without addresses.</summary>
    public string? Answer { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>When it was asked to go out, if not at once.</summary>
    public DateTime? SendAt { get; set; }

    public DateTime? SentAt { get; set; }

    /// <summary>When the recipient's server took it, says the provider; null where nobody said so.</summary>
    public DateTime? DeliveredAt { get; set; }

    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    public string? HeldBy { get; set; }

    /// <summary>
    /// The connection (<see cref="IMailTransport.ConnectionTo"/>) that it was handed over by without an answer: it is repeated there and
    /// nowhere else. Where the site has several ways, the one that it is about to take (<see cref="MailWays"/>), until it is known what
    /// became of it. Null for all others.
    /// </summary>
    public string? Way { get; set; }

    /// <summary>Tries that failed since it was written or last replayed.</summary>
    public int Failures { get; set; }

    /// <summary>
    /// What it is made of, in the process that has just written it: its source need not read that again. Not stored.
    /// </summary>
    public object? AtHand { get; set; }

    /// <summary>A mail to a contact about a list, due at once.</summary>
    public static Message To(
        Contact contact,
        ContactList list,
        string template,
        string language,
        string key,
        string secrets,
        DateTimeOffset now,
        Guid? requestId = null
    )
    {
        var id = Guid.CreateVersion7(now);
        return new()
        {
            Id = id,
            SiteId = contact.SiteId,
            Key = key,
            Template = template,
            Language = language,
            ContactId = contact.Id,
            ListId = list.Id,
            RequestId = requestId,
            IsBulk = requestId is null,
            Secrets = secrets,
            MessageId = id.ToString("N"),
            CreatedAt = now.UtcDateTime,
            DueAt = now.UtcDateTime,
        };
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Message>
    {
        public void Configure(EntityTypeBuilder<Message> builder)
        {
            builder.ToTable("messages");
            builder.Ignore(message => message.AtHand);
            builder.HasIndex(message => new { message.SiteId, message.Key }).IsUnique();
            builder.HasIndex(message => message.DueAt).HasFilter("due_at is not null");
            builder
                .HasIndex(message => message.DueAt, "ix_messages_due_confirmations")
                .HasDatabaseName("ix_messages_due_confirmations")
                .HasFilter($"due_at is not null and {IsConfirmation}");
            builder.HasIndex(message => message.HeldBy).HasFilter("held_by is not null");
            builder.HasIndex(message => message.Id).HasFilter("state in ('failed', 'unknown')");
            builder.HasIndex(message => new { message.SiteId, message.Id }).HasFilter("state in ('failed', 'unknown')");
            builder.HasIndex(message => new { message.SiteId, message.Id }, "ix_messages_of_site").HasDatabaseName("ix_messages_of_site");
            // What pages filter by that few have: a site with a million mails would be read from end to end.
            builder
                .HasIndex(message => new { message.SiteId, message.Id }, "ix_messages_not_arrived")
                .HasDatabaseName("ix_messages_not_arrived")
                .HasFilter("state in ('bounced', 'cancelled')");
            builder
                .HasIndex(message => new
                {
                    message.SiteId,
                    message.Template,
                    message.Id,
                })
                .HasFilter("request_id is null");
            builder.HasIndex(message => new { message.SiteId, message.Address }).HasFilter("address is not null");
            builder.HasIndex(message => message.SentAt).HasFilter("sent_at is not null");
            builder.HasIndex(message => message.RequestId);
            builder.HasIndex(message => message.ContactId);
        }
    }
}

internal enum MessageState
{
    Queued,
    Sent,
    Failed,

    /// <summary>
    /// Handed over, and the connection lost before an answer. It is repeated once with the same Message-ID; after that, with no
    /// <see cref="Message.DueAt"/>, it stands as unknown until a person decides.
    /// </summary>
    Unknown,

    Cancelled,

    /// <summary>The recipient's server took it, says the provider.</summary>
    Delivered,

    /// <summary>It came back after a server had taken it.</summary>
    Bounced,
}
