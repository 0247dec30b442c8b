using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sms;

/// <summary>
/// When a sender may be used next, where its provider allows only so many messages a second. All gateways on one database share it.
/// </summary>
internal sealed class SmsPace
{
    /// <summary>The provider's account and the sender.</summary>
    public required string Sender { get; set; }

    /// <summary>In microseconds since 1970: a number, since both databases can count with it.</summary>
    public long FreeAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SmsPace>
    {
        public void Configure(EntityTypeBuilder<SmsPace> builder)
        {
            builder.ToTable("sms_pace");
            builder.HasKey(row => row.Sender);
        }
    }
}
