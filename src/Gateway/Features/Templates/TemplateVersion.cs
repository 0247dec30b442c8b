using Gateway.Features.Templates.Simple;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Templates;

/// <summary>
/// The words of a template in one language, as they were at one time. Only a draft changes; what was published once stays as it was.
/// </summary>
internal sealed class TemplateVersion
{
    public Guid Id { get; set; }

    public Guid TemplateId { get; set; }

    /// <summary>Two letters.</summary>
    public required string Language { get; set; }

    /// <summary>From 1, within template and language.</summary>
    public int Number { get; set; }

    public VersionState State { get; set; }

    public required string Subject { get; set; }

    public required string Preheader { get; set; }

    public required string Html { get; set; }

    public required string Text { get; set; }

    /// <summary>JSON: what it was made of in simple mode (<see cref="SimpleTemplate"/>); null where it was written by hand.</summary>
    public string? Simple { get; set; }

    /// <summary>Who saved it last: the client id of an API key, or who was signed in.</summary>
    public required string Author { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>When it was saved last.</summary>
    public DateTime UpdatedAt { get; set; }

    public DateTime? PublishedAt { get; set; }

    public TemplateSource Source => new(Subject, Preheader, Html, Text);

    /// <returns>All of it that somebody can change.</returns>
    public object Changeable() =>
        new
        {
            Number,
            State,
            Source,
        };

    public void Take(TemplateSource source) => (Subject, Preheader, Html, Text) = source;

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateVersion>
    {
        public void Configure(EntityTypeBuilder<TemplateVersion> builder)
        {
            builder.ToTable("template_versions");
            builder.Ignore(version => version.Source);
            builder
                .HasIndex(version => new
                {
                    version.TemplateId,
                    version.Language,
                    version.Number,
                })
                .IsUnique();

            // The database decides between two who save, or publish, at the same moment.
            builder
                .HasIndex(version => new { version.TemplateId, version.Language }, "ix_template_versions_draft")
                .IsUnique()
                .HasFilter("state = 'draft'");
            builder
                .HasIndex(version => new { version.TemplateId, version.Language }, "ix_template_versions_published")
                .IsUnique()
                .HasFilter("state = 'published'");
        }
    }
}

internal enum VersionState
{
    /// <summary>Being written; at most one for each template and language.</summary>
    Draft,

    /// <summary>What is sent; at most one for each template and language.</summary>
    Published,

    /// <summary>Published once, until another took its place.</summary>
    Archived,
}
