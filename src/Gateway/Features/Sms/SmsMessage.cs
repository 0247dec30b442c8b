using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sms;

/// <summary>
/// One transactional SMS to one recipient. No provider takes an idempotency key for its send call, so this row decides whether it may be
/// called:
/// <see cref="SmsState.Sending"/> and the try are on the disk before a call begins.
/// </summary>
internal sealed class SmsMessage : IHoldable
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>The caller's <c>Idempotency-Key</c>, unique within the site; at most 100 characters.</summary>
    public required string Key { get; set; }

    /// <summary>SHA-256 of what was asked for, so that a key used again for something else is noticed.</summary>
    public required byte[] ContentHash { get; set; }

    /// <summary>E.164, such as <c>+33612345678</c>.</summary>
    public required string Recipient { get; set; }

    /// <summary>As it goes out, after smart encoding where that was asked for.</summary>
    public required string Text { get; set; }

    public SmsAlphabet Encoding { get; set; }

    /// <summary>Parts the text takes, 1 to 10.</summary>
    public int Parts { get; set; }

    /// <summary>The sender that was asked for; null is the account's own.</summary>
    public string? Sender { get; set; }

    /// <summary>The caller's own word for it; it comes back in views and events.</summary>
    public string? Reference { get; set; }

    /// <summary>Who asked for it on the site, as a keyed hash; null where no visitor did.</summary>
    public string? Visitor { get; set; }

    /// <summary>When somebody said that it was used, such as by typing the code that it brought.</summary>
    public DateTime? UsedAt { get; set; }

    public SmsState State { get; set; }

    /// <summary>The provider that was called last: <c>twilio</c>, <c>mailjet</c>, <c>vonage</c>, <c>brevo</c>, <c>sandbox</c>.</summary>
    public string? Provider { get; set; }

    /// <summary>The provider's id of it, known from its answer, a callback or its list.</summary>
    public string? ProviderId { get; set; }

    /// <summary>Send calls begun. A callback carries the number of its own, so that one of an earlier call changes nothing.</summary>
    public int Tries { get; set; }

    /// <summary>When the latest send call began.</summary>
    public DateTime? CalledAt { get; set; }

    /// <summary>Why it failed or is unknown, as a stable code such as <c>unreachable</c>.</summary>
    public string? FailureCode { get; set; }

    /// <summary>The same in a sentence, without numbers or text.</summary>
    public string? Failure { get; set; }

    public decimal? Price { get; set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>When it was asked to go out, if not at once.</summary>
    public DateTime? SendAt { get; set; }

    public DateTime? SentAt { get; set; }

    public DateTime? DeliveredAt { get; set; }

    /// <summary>The next thing to do: send, look for it at the provider while unknown, ask what became of it once sent.</summary>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    public string? HeldBy { get; set; }

    /// <summary>How often in this state the next thing to do led nowhere, for the pauses in between.</summary>
    public int Failures { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SmsMessage>
    {
        public void Configure(EntityTypeBuilder<SmsMessage> builder)
        {
            builder.ToTable("sms");
            builder.Property(sms => sms.Price).HasColumnType("numeric(12,6)");
            builder.HasIndex(sms => new { sms.SiteId, sms.Key }).IsUnique();
            builder.HasIndex(sms => sms.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(sms => sms.HeldBy).HasFilter("held_by is not null");
            builder.HasIndex(sms => new
            {
                sms.SiteId,
                sms.Recipient,
                sms.Id,
            });
            builder.HasIndex(sms => new { sms.SiteId, sms.Reference }).HasFilter("reference is not null");
            builder.HasIndex(sms => new { sms.SiteId, sms.Id });

            // States that few have, for pages that filter by one.
            builder
                .HasIndex(sms => new { sms.SiteId, sms.Id }, "ix_sms_not_sent")
                .HasDatabaseName("ix_sms_not_sent")
                .HasFilter("state not in ('sent', 'delivered')");
            builder.HasIndex(sms => sms.Id).HasFilter("state in ('failed', 'unknown')");
            builder.HasIndex(sms => sms.SentAt).HasFilter("sent_at is not null");
        }
    }
}

internal enum SmsState
{
    /// <summary>It waits for the time it was asked to go out.</summary>
    Scheduled,

    Queued,

    /// <summary>A send call may be under way. A row found so after a crash is <see cref="Unknown"/>.</summary>
    Sending,

    /// <summary>The provider took it.</summary>
    Sent,

    Delivered,

    /// <summary>It was certainly not delivered.</summary>
    Failed,

    /// <summary>Nobody knows whether the provider took it. It is never sent again by itself.</summary>
    Unknown,

    Cancelled,
}
