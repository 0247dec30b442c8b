using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.Rates;

/// <summary>A published limit that the mails of a site have reached, as long as they are above it.</summary>
internal sealed class RateAlarm
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <inheritdoc cref="MailRate.Sender"/>
    public required string Sender { get; set; }

    /// <summary>Whose mailboxes it is about (<see cref="RecipientProviders"/>); <see cref="PublishedLimits.Everybody"/> for all.</summary>
    public required string Provider { get; set; }

    public RateMeasure Measure { get; set; }

    public RateLevel Level { get; set; }

    /// <summary>Mails that it is a share of, when it was looked at last.</summary>
    public int Sent { get; set; }

    /// <summary>Those of them that bounced or were complained about.</summary>
    public int Cases { get; set; }

    /// <summary>When this level was reached, UTC.</summary>
    public DateTime Since { get; set; }

    /// <summary>When somebody let bulk mail go on in spite of it, UTC; null when nobody did.</summary>
    public DateTime? ReleasedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<RateAlarm>
    {
        public void Configure(EntityTypeBuilder<RateAlarm> builder)
        {
            builder.ToTable("rate_alarms");
            builder.Property(row => row.Sender).HasMaxLength(255);
            builder.Property(row => row.Provider).HasMaxLength(40);
            builder
                .HasIndex(row => new
                {
                    row.SiteId,
                    row.Sender,
                    row.Provider,
                    row.Measure,
                })
                .IsUnique();
        }
    }
}

internal enum RateMeasure
{
    /// <summary>Complained, of those that arrived as far as anybody knows: sent, without bounced and returned.</summary>
    Complaints,

    /// <summary>Bounced, of those that were sent.</summary>
    Bounces,
}

internal enum RateLevel
{
    Warning,

    /// <summary>The second limit: bulk mail stops where the site wants that.</summary>
    Brake,
}
