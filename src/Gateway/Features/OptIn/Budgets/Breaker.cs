using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.OptIn.Budgets;

/// <summary>At this site too few people of one recipient domain confirm. The row is there as long as that is so.</summary>
internal sealed class Breaker
{
    public Guid SiteId { get; set; }

    /// <summary>In lower case and ASCII; <c>disposable</c> and <c>no mail</c> are all such domains together.</summary>
    public required string Domain { get; set; }

    public BreakerState State { get; set; }

    public DateTime Since { get; set; }

    /// <summary>Of the people asked within a day, those who have not confirmed.</summary>
    public int Unconfirmed { get; set; }

    /// <summary>Of the people asked within a day, those who confirmed.</summary>
    public int Confirmed { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Breaker>
    {
        public void Configure(EntityTypeBuilder<Breaker> builder)
        {
            builder.ToTable("breakers");
            builder.HasKey(row => new { row.SiteId, row.Domain });
            builder.Property(row => row.Domain).HasMaxLength(255);
        }
    }
}

internal enum BreakerState
{
    /// <summary>Nothing to tell; such a row is not stored.</summary>
    Calm,

    /// <summary>More than usual is without an answer: it is told, and mails go out.</summary>
    Recorded,

    /// <summary>Twice as much: further mails wait until it is calm again.</summary>
    Holding,
}
