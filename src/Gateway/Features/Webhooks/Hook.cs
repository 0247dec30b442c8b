using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Webhooks;

/// <summary>Somebody who wants to know of events: a Zap, or any webhook.</summary>
internal sealed class Hook
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>The types it wants, separated by commas.</summary>
    public required string Event { get; set; }

    /// <summary>Where events are sent. It may hold a secret of the receiver's: never logged.</summary>
    public required string Url { get; set; }

    /// <summary>The secret that signs deliveries (<c>whsec_…</c>), encrypted; null when they are not signed.</summary>
    public string? ProtectedSecret { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>When it was deleted, or its receiver answered 410.</summary>
    public DateTime? EndedAt { get; set; }

    /// <returns>All of it that somebody can change.</returns>
    public object Changeable() => new { Url, ProtectedSecret };

    internal sealed class Mapping : IEntityTypeConfiguration<Hook>
    {
        public void Configure(EntityTypeBuilder<Hook> builder)
        {
            builder.ToTable("hooks");
            builder.HasIndex(hook => hook.SiteId);
        }
    }
}
