using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts.Hygiene;

/// <summary>
/// The last mail that asked a silent person whether they stay on a list. One row for each person, so that nobody is asked twice within
/// twelve months, whatever lists they are on. What became of it stands in their subscription: who stayed has a sign of life since, and who
/// left is not on the list.
/// </summary>
internal sealed class Repermission
{
    /// <summary>Nobody is asked again before so many months are over.</summary>
    public const int AgainMonths = 12;

    public Guid ContactId { get; set; }

    public Guid SiteId { get; set; }

    public Guid ListId { get; set; }

    public Guid SubscriptionId { get; set; }

    /// <summary>When the mail was written, UTC.</summary>
    public DateOnly AskedOn { get; set; }

    /// <summary>
    /// When the mail left, UTC: with that the time to answer begins. Null while it waits, and for good where it never left; nobody was
    /// asked by that.
    /// </summary>
    public DateTime? SentAt { get; set; }

    /// <summary>Of its mail, unique within the site.</summary>
    public static string MessageKey(Guid subscriptionId, DateOnly askedOn) =>
        string.Create(CultureInfo.InvariantCulture, $"stay:{subscriptionId:N}:{askedOn:yyyyMMdd}");

    internal sealed class Mapping : IEntityTypeConfiguration<Repermission>
    {
        public void Configure(EntityTypeBuilder<Repermission> builder)
        {
            builder.ToTable("repermissions");
            builder.HasKey(one => one.ContactId);
            builder.Property(one => one.ContactId).ValueGeneratedNever();
            builder.HasIndex(one => new { one.ListId, one.ContactId });
            builder.HasIndex(one => new { one.SiteId, one.AskedOn });
        }
    }
}
