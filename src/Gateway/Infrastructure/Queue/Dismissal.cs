using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Infrastructure.Queue;

/// <summary>
/// Somebody decided that a failed row needs nothing more. Nothing is deleted: without this row it stands as failed again, and so it does
/// by itself when it was tried again since and failed anew.
/// </summary>
internal sealed class Dismissal
{
    /// <summary>The failed row's id.</summary>
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>How often the row had been leased when it was dismissed.</summary>
    public int Attempts { get; set; }

    public DateTime DismissedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Dismissal>
    {
        public void Configure(EntityTypeBuilder<Dismissal> builder) => builder.ToTable("dismissals");
    }
}
