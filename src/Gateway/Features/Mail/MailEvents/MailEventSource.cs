using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.MailEvents;

/// <summary>A provider that tells us what became of mails, at an address of its own that holds a secret.</summary>
internal sealed class MailEventSource
{
    public Guid Id { get; set; }

    /// <summary>The site whose mails it is about; <see cref="Guid.Empty"/> for those of all sites.</summary>
    public Guid SiteId { get; set; }

    /// <summary>Which format its events have (<see cref="MailEventFormats"/>).</summary>
    public required string Provider { get; set; }

    /// <summary>SHA-256 of the secret in its address.</summary>
    public required byte[] TokenHash { get; set; }

    /// <summary>What the provider signs with, encrypted; null where it signs nothing.</summary>
    public string? ProtectedSigningKey { get; set; }

    /// <summary>Amazon SNS: the topic that may tell us something, <c>arn:aws:sns:…</c>.</summary>
    public string? Topic { get; set; }

    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailEventSource>
    {
        public void Configure(EntityTypeBuilder<MailEventSource> builder)
        {
            builder.ToTable("mail_event_sources");
            builder.HasIndex(row => row.TokenHash).IsUnique();
        }
    }
}
