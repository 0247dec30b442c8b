using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Templates.Segments;

/// <summary>
/// Some of a site's readers, named and described by a condition, so that sections of templates can be shown to them alone.
/// </summary>
internal sealed class Segment
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>How templates name it, such as <c>loyal</c>; unique within the site.</summary>
    public required string Key { get; set; }

    /// <summary>For people.</summary>
    public required string Name { get; set; }

    /// <summary>As its author wrote it (<see cref="ConditionGrammar"/>).</summary>
    public required string Condition { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <returns>All of it that somebody can change.</returns>
    public object Changeable() => new { Name, Condition };

    internal sealed class Mapping : IEntityTypeConfiguration<Segment>
    {
        public void Configure(EntityTypeBuilder<Segment> builder)
        {
            builder.ToTable("segments");
            builder.Property(segment => segment.Key).HasMaxLength(TemplateStore.MaxKey);
            builder.HasIndex(segment => new { segment.SiteId, segment.Key }).IsUnique();
        }
    }
}
