using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.Rates;

/// <summary>
/// How many mails of a site went from one domain to one provider's mailboxes on a day, and what became of them. Events are counted on the
/// day the mail was sent, however late they come, so that a day's shares are shares of its own mails. Sums, so that nobody counts messages.
/// </summary>
internal sealed class MailRate
{
    /// <summary>When the mails were sent, UTC.</summary>
    public DateOnly Day { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>The domain of the From address, such as <c>shop.example</c>.</summary>
    public required string Sender { get; set; }

    /// <summary>See <see cref="RecipientProviders"/>, such as <c>gmail.com</c>.</summary>
    public required string Provider { get; set; }

    /// <summary>Handed over: the mail server took them, or said at once that nobody is there.</summary>
    public int Sent { get; set; }

    /// <summary>The recipient's server took them, says the provider that sends.</summary>
    public int Delivered { get; set; }

    /// <summary>Nobody is there.</summary>
    public int Bounced { get; set; }

    /// <summary>They came back for another reason, such as a full mailbox or a filter.</summary>
    public int Returned { get; set; }

    /// <summary>Called spam by who got them.</summary>
    public int Complained { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailRate>
    {
        public void Configure(EntityTypeBuilder<MailRate> builder)
        {
            builder.ToTable("mail_rates");
            builder.HasKey(row => new
            {
                row.SiteId,
                row.Day,
                row.Sender,
                row.Provider,
            });
            builder.Property(row => row.Sender).HasMaxLength(255);
            builder.Property(row => row.Provider).HasMaxLength(40);

            // The watch reads the last days of all sites.
            builder.HasIndex(row => row.Day);
        }
    }
}
