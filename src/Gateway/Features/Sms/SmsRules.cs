using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sms;

/// <summary>What a site may send, and through whom, where that differs from the installation's settings; null means as there.</summary>
internal sealed class SmsRules
{
    public Guid SiteId { get; set; }

    /// <inheritdoc cref="SmsOptions.Route"/>
    public string? Route { get; set; }

    /// <inheritdoc cref="SmsOptions.Countries"/>
    public string? Countries { get; set; }

    public int? PartsPerDay { get; set; }

    public int? PartsPerMonth { get; set; }

    public int? PerRecipientHour { get; set; }

    /// <inheritdoc cref="Guard.SmsGuardOptions.MaxPrice"/>
    public decimal? MaxPrice { get; set; }

    /// <inheritdoc cref="Guard.SmsGuardOptions.MoneyPerDay"/>
    public decimal? MoneyPerDay { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SmsRules>
    {
        public void Configure(EntityTypeBuilder<SmsRules> builder)
        {
            builder.ToTable("sms_rules");
            builder.HasKey(row => row.SiteId);
            builder.Property(row => row.SiteId).ValueGeneratedNever();
            builder.Property(row => row.MaxPrice).HasColumnType("numeric(12,6)");
            builder.Property(row => row.MoneyPerDay).HasColumnType("numeric(12,6)");
        }
    }
}
