using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sms.Receipts;

/// <summary>Something a provider told us, when it called or when it was asked, as it told it. Told again, it is the same row.</summary>
internal sealed class InboundEvent
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public required string Provider { get; set; }

    /// <summary>What makes it the same event when it comes again, such as Twilio's message sid and status.</summary>
    public required string Key { get; set; }

    /// <summary>The SMS it is about.</summary>
    public Guid? SmsId { get; set; }

    /// <summary>Of a reply: the number it came from, E.164.</summary>
    public string? From { get; set; }

    /// <summary>What it says, in our words (<c>sent</c>, <c>delivered</c>, <c>failed</c>, <c>received</c>, or <c>unclear</c> where a person
    /// must read it).</summary>
    public required string Status { get; set; }

    /// <summary>The provider's code of an error.</summary>
    public string? Code { get; set; }

    /// <summary>As it came; bytes, since text columns refuse some texts.</summary>
    public required byte[] Body { get; set; }

    public DateTime ReceivedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<InboundEvent>
    {
        public void Configure(EntityTypeBuilder<InboundEvent> builder)
        {
            builder.ToTable("inbound_events");
            builder
                .HasIndex(row => new
                {
                    row.SiteId,
                    row.Provider,
                    row.Key,
                })
                .IsUnique();
            builder.HasIndex(row => row.SmsId).HasFilter("sms_id is not null");
            builder.Property(row => row.From).HasColumnName("sender");
            builder.HasIndex(row => new { row.SiteId, row.From }).HasFilter("sender is not null");
            builder.HasIndex(row => row.Id).HasFilter("status = 'unclear'");
        }
    }
}
