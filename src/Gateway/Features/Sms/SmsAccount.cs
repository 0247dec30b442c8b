using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sms;

/// <summary>A site's own account at a provider; without one the installation's settings are used.</summary>
internal sealed class SmsAccount
{
    public Guid SiteId { get; set; }

    /// <summary><c>twilio</c> or <c>mailjet</c>.</summary>
    public required string Provider { get; set; }

    /// <summary>The provider's options as JSON, encrypted: they hold its credentials.</summary>
    public required string Settings { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SmsAccount>
    {
        public void Configure(EntityTypeBuilder<SmsAccount> builder)
        {
            builder.ToTable("sms_accounts");
            builder.HasKey(row => new { row.SiteId, row.Provider });
        }
    }
}
