using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts;

/// <summary>A contact's standing on one list.</summary>
internal sealed class Subscription
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public Guid ContactId { get; set; }

    public Guid ListId { get; set; }

    public SubscriptionState State { get; set; }

    public DateTime? ConfirmedAt { get; set; }

    /// <summary>When the person left the list; null once they confirmed it afresh. What others do leaves it as it is.</summary>
    public DateTime? LeftAt { get; set; }

    /// <summary>
    /// The last day, UTC, on which the person showed that they are there: they confirmed, proved, chose what they keep, or followed a link
    /// of a mail. A day and never a time; null until the first confirmation.
    /// </summary>
    public DateOnly? LastSignOn { get; set; }

    public DateTime UpdatedAt { get; set; }

    /// <summary>
    /// Confirmation mails since the last confirmation or expiry: the budget that keeps strangers from bombing an address.
    /// </summary>
    public int MailsSent { get; set; }

    public DateTime? LastMailAt { get; set; }

    /// <summary>Whether the last of these mails still waits for a budget; means nothing unless it is pending.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>One that waits for its first confirmation.</summary>
    public static Subscription New(Guid siteId, Guid contactId, Guid listId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            ContactId = contactId,
            ListId = listId,
            State = SubscriptionState.Pending,
            UpdatedAt = now.UtcDateTime,
        };

    internal sealed class Mapping : IEntityTypeConfiguration<Subscription>
    {
        public void Configure(EntityTypeBuilder<Subscription> builder)
        {
            builder.ToTable("subscriptions");
            builder.HasIndex(subscription => new { subscription.ContactId, subscription.ListId }).IsUnique();

            // How many there are of each state, and who: of a list that has a million of them a page begins anywhere.
            builder.HasIndex(subscription => new
            {
                subscription.SiteId,
                subscription.State,
                subscription.ListId,
                subscription.Id,
            });

            // Who is on a list and was silent longest: counted and paged without a look at the rows.
            builder
                .HasIndex(subscription => new
                {
                    subscription.SiteId,
                    subscription.LastSignOn,
                    subscription.Id,
                    subscription.ListId,
                })
                .HasFilter("state = 'confirmed'")
                .IncludeProperties(subscription => subscription.ContactId);
        }
    }
}

internal enum SubscriptionState
{
    Pending,
    Confirmed,
    Unsubscribed,

    /// <summary>"This wasn't me": the address is not written to again for this list.</summary>
    Cancelled,

    Expired,

    /// <summary>
    /// The site took the person off, or mail to them came back; they refused nothing, so a proof of their consent may bring them back.
    /// </summary>
    Removed,
}
