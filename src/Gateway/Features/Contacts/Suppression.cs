using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts;

/// <summary>
/// An address nobody may write to. It wins over everything. The address is kept only as a keyed hash, so that the row may outlive the
/// person's erasure.
/// </summary>
internal sealed class Suppression
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public SuppressionChannel Channel { get; set; }

    /// <summary><see cref="Suppressions.Hash"/> of the normalised address.</summary>
    public required byte[] AddressHash { get; set; }

    public SuppressionReason Reason { get; set; }

    /// <summary>Who said so: <c>page</c>, <c>api</c>, a provider's name.</summary>
    public required string Source { get; set; }

    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Suppression>
    {
        public void Configure(EntityTypeBuilder<Suppression> builder)
        {
            builder.ToTable("suppressions");
            builder
                .HasIndex(row => new
                {
                    row.SiteId,
                    row.Channel,
                    row.AddressHash,
                })
                .IsUnique();
        }
    }
}

internal enum SuppressionChannel
{
    Email,
    Sms,
}

internal enum SuppressionReason
{
    /// <summary>The person left; a fresh confirmation lifts it.</summary>
    Unsubscribed,

    /// <summary>The address does not exist; only an operator lifts it.</summary>
    Bounced,

    /// <summary>The person called it spam; only an operator lifts it.</summary>
    Complained,
}
