using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Templates.Findings;

/// <summary>A finding that somebody looked at and decided to live with, in all languages of a template.</summary>
internal sealed class TemplateMute
{
    public Guid Id { get; set; }

    public Guid TemplateId { get; set; }

    /// <summary>The finding's id, such as <c>spam-word:free</c>; unique within the template.</summary>
    public required string FindingId { get; set; }

    /// <summary>Why it is no matter here.</summary>
    public required string Note { get; set; }

    /// <summary>The client id of an API key, or who was signed in.</summary>
    public required string Author { get; set; }

    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateMute>
    {
        public void Configure(EntityTypeBuilder<TemplateMute> builder)
        {
            builder.ToTable("template_mutes");
            builder.Property(mute => mute.FindingId).HasMaxLength(TemplateMutes.MaxId);
            builder.Property(mute => mute.Note).HasMaxLength(TemplateMutes.MaxNote);
            builder.HasIndex(mute => new { mute.TemplateId, mute.FindingId }).IsUnique();
        }
    }
}
