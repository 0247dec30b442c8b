using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sms;

/// <summary>
/// What a site has used of one limit in one period. The statement that spends it counts, so that two gateways cannot both spend the last of
/// it.
/// </summary>
internal sealed class SmsSpending
{
    public Guid SiteId { get; set; }

    /// <summary>
    /// The limit and its period in UTC: <c>day 2026-11-23</c>, <c>month 2026-11</c>, <c>money 2026-11-23</c>, <c>to HASH 2026-11-23T10</c>
    /// for one recipient's hour, and what <see cref="Guard.VisitorCounts"/> counts.
    /// </summary>
    public required string Period { get; set; }

    /// <summary>Parts; ten-thousandths of a euro for money; else messages.</summary>
    public int Spent { get; set; }

    /// <summary>
    /// The limit as it was when it was last spent from; it stands here so that one statement can compare many rows with a limit each.
    /// </summary>
    public int Max { get; set; }

    /// <summary>When the row means nothing any more.</summary>
    public DateTime EndsAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SmsSpending>
    {
        public void Configure(EntityTypeBuilder<SmsSpending> builder)
        {
            builder.ToTable("sms_spending");
            builder.HasKey(row => new { row.SiteId, row.Period });
            builder.HasIndex(row => row.EndsAt);
        }
    }
}
