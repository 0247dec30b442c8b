using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Webhooks;

/// <summary>One event to be sent to one hook, and what came of it.</summary>
internal sealed class Delivery : ILeased
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public Guid HookId { get; set; }

    public Guid EventId { get; set; }

    /// <summary>Host and port of the target: one that is slow or asks for patience holds up only its own.</summary>
    public required string Host { get; set; }

    public DeliveryState State { get; set; }

    /// <summary>
    /// What the receiver answered last, such as <c>503</c>, or why it could not be reached; a short sentence without addresses.
    /// </summary>
    public string? Answer { get; set; }

    /// <summary>Tries that failed since it was written or last replayed.</summary>
    public int Failures { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? DeliveredAt { get; set; }

    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Delivery>
    {
        public void Configure(EntityTypeBuilder<Delivery> builder)
        {
            builder.ToTable("deliveries");
            builder.HasIndex(row => new { row.HookId, row.EventId }).IsUnique();
            builder.HasIndex(row => new { row.HookId, row.Id });
            builder.HasIndex(row => row.EventId);
            builder.HasIndex(row => row.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(row => row.Id).HasFilter("state = 'failed'");
            builder
                .HasIndex(row => new { row.HookId, row.Id }, "ix_deliveries_failing")
                .HasDatabaseName("ix_deliveries_failing")
                .HasFilter($"due_at is not null and failures >= {HookFaults.ManyFailures}");
        }
    }
}

internal enum DeliveryState
{
    Waiting,
    Delivered,

    /// <summary>Given up after the last retry; it can be replayed.</summary>
    Failed,

    /// <summary>The hook ended before it was sent.</summary>
    Dropped,
}
