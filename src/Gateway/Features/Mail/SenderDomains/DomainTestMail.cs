using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>
/// The last mail of a domain that this gateway sent to itself, and what was read in it once it came in: the selector of a provider's DKIM
/// key is nothing that anybody could look up.
/// </summary>
internal sealed class DomainTestMail
{
    public Guid Id { get; set; }

    /// <summary>The domain in From, in ASCII and lower case.</summary>
    public required string Domain { get; set; }

    /// <summary>The <see cref="Message"/> that is on its way.</summary>
    public Guid MessageId { get; set; }

    public DateTime SentAt { get; set; }

    /// <summary>Null until one came in; it stays what it was while another is on its way.</summary>
    public DateTime? ArrivedAt { get; set; }

    /// <summary>Whether the last one that was sent came in.</summary>
    public bool HasArrived => ArrivedAt >= SentAt;

    /// <inheritdoc cref="MailHeaders.Selector"/>
    public string? Selector { get; set; }

    /// <inheritdoc cref="MailHeaders.SigningDomain"/>
    public string? SigningDomain { get; set; }

    /// <inheritdoc cref="MailHeaders.ReturnPath"/>
    public string? ReturnPath { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<DomainTestMail>
    {
        public void Configure(EntityTypeBuilder<DomainTestMail> builder)
        {
            builder.ToTable("domain_test_mails");
            builder.Ignore(row => row.HasArrived);
            builder.HasIndex(row => row.Domain).IsUnique();
            builder.HasIndex(row => row.MessageId);
        }
    }
}
