using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Webhooks;

/// <summary>Something that happened, written in the same transaction as what it tells.</summary>
internal sealed class Event : IQueued
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>Such as <c>subscription.confirmed</c>.</summary>
    public required string Type { get; set; }

    /// <summary>A JSON object.</summary>
    public required string Data { get; set; }

    /// <summary>Whom it is about, so that erasure finds it.</summary>
    public Guid? ContactId { get; set; }

    public DateTime OccurredAt { get; set; }

    /// <summary>When it is to be handed to the hooks that want it; null once it was.</summary>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Event>
    {
        public void Configure(EntityTypeBuilder<Event> builder)
        {
            builder.ToTable("events");
            builder.HasIndex(row => new
            {
                row.SiteId,
                row.Type,
                row.Id,
            });
            builder.HasIndex(row => row.ContactId);
            builder.HasIndex(row => row.DueAt).HasFilter("due_at is not null");
        }
    }
}
