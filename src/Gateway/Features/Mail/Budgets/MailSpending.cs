using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.Budgets;

/// <summary>
/// How many mails one mailbox, domain, visitor, network or site had, confirmation mails and transactional ones apart. A window begins with
/// its first mail and is counted anew once it is over.
/// </summary>
internal sealed class MailSpending
{
    /// <summary>What is counted, by a keyed hash (<see cref="BudgetKeys"/>).</summary>
    public required string Key { get; set; }

    public int ThisHour { get; set; }

    public DateTime HourEnds { get; set; }

    public int ThisDay { get; set; }

    public DateTime DayEnds { get; set; }

    public int ThisWeek { get; set; }

    /// <summary>The longest of the three: once it is over the row means nothing.</summary>
    public DateTime WeekEnds { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<MailSpending>
    {
        public void Configure(EntityTypeBuilder<MailSpending> builder)
        {
            builder.ToTable("mail_spending");
            builder.HasKey(row => row.Key);
            builder.Property(row => row.Key).HasMaxLength(60);
            builder.HasIndex(row => row.WeekEnds);
        }
    }
}
