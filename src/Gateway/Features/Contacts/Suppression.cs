using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts;

/// <summary>
/// An address nobody may write to, for everything or about one list. It wins over everything. The address is kept only as a keyed hash,
/// so that the row outlives the person's erasure. Each reason is a row of its own: who takes one back leaves the others.
/// </summary>
internal sealed class Suppression
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public SuppressionChannel Channel { get; set; }

    /// <summary>The list that the person refused; <see cref="Guid.Empty"/> for whatever the site sends.</summary>
    public Guid ListId { get; set; }

    /// <summary><see cref="Suppressions.Hash"/> of the normalised address.</summary>
    public required byte[] AddressHash { get; set; }

    public SuppressionReason Reason { get; set; }

    /// <summary>Who said so: <c>page</c>, <c>api</c>, <c>smtp</c>, a provider's name.</summary>
    public required string Source { get; set; }

    /// <summary>When it was said; of an unsubscribe or a refusal, when it was said last.</summary>
    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Suppression>
    {
        public void Configure(EntityTypeBuilder<Suppression> builder)
        {
            builder.ToTable("suppressions");

            // The hash first: a batch of mails asks for the addresses of many sites at once.
            builder
                .HasIndex(row => new
                {
                    row.AddressHash,
                    row.SiteId,
                    row.Channel,
                    row.ListId,
                    row.Reason,
                })
                .IsUnique();

            // Few beside the unsubscribes, and counted for the people of the site.
            builder.HasIndex(row => new { row.SiteId, row.Reason }).HasFilter("reason in ('bounced', 'complained')");
        }
    }
}

internal enum SuppressionChannel
{
    Email,
    Sms,
}

/// <summary>The weakest first: of several, the last decides the answer.</summary>
internal enum SuppressionReason
{
    /// <summary>The person left; a fresh confirmation lifts it.</summary>
    Unsubscribed,

    /// <summary>"This wasn't me", about one list: nobody asks again until the person or an operator takes it back.</summary>
    Cancelled,

    /// <summary>The address does not exist; an operator lifts it, or a caller with a reason.</summary>
    Bounced,

    /// <summary>The person called it spam; only an operator lifts it.</summary>
    Complained,
}
