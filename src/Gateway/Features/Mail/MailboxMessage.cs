using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail;

/// <summary>A mail that the development mailbox caught instead of sending it.</summary>
internal sealed class MailboxMessage
{
    public Guid Id { get; set; }

    /// <summary>The whole message, as it would have gone over the wire.</summary>
    public required byte[] Mime { get; set; }

    public DateTime ReceivedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailboxMessage>
    {
        public void Configure(EntityTypeBuilder<MailboxMessage> builder) => builder.ToTable("mailbox_messages");
    }
}
