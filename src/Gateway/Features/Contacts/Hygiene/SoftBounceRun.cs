using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts.Hygiene;

/// <summary>
/// Mails to a person that came back for a reason that may pass, such as a full mailbox, with none that arrived in between. Few people have
/// one; the first mail that arrives deletes it.
/// <para>
/// Who counts as coming back again and again: on three different days in a row, within 90 days. Mailing services take from 3 to 20 in a
/// row as their limit (Mailchimp 7 of somebody who never opened a mail, dotdigital from 1 to 20, as one sets it), and stop writing by it.
/// Here nothing follows by itself, so it is the low end; and days count, since a mailbox that is full for an afternoon returns five mails
/// of it.
/// </para>
/// </summary>
internal sealed class SoftBounceRun
{
    /// <summary>From so many days on a person is in the report.</summary>
    public const int Again = 3;

    /// <summary>After so many days without another one a run is over, and forgotten.</summary>
    public const int KeptDays = 90;

    public Guid ContactId { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>On how many different days a mail came back.</summary>
    public int Days { get; set; }

    /// <summary>The last of these days, UTC.</summary>
    public DateOnly LastOn { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SoftBounceRun>
    {
        public void Configure(EntityTypeBuilder<SoftBounceRun> builder)
        {
            builder.ToTable("soft_bounce_runs");
            builder.HasKey(run => run.ContactId);
            builder.Property(run => run.ContactId).ValueGeneratedNever();
            builder.HasIndex(run => new { run.SiteId, run.ContactId });
            builder.HasIndex(run => run.LastOn);
        }
    }
}
