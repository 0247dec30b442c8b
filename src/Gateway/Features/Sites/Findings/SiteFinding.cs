using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sites.Findings;

/// <summary>What a finding is about.</summary>
internal enum FindingKind
{
    /// <summary>A domain that the site sends from.</summary>
    Domain,

    /// <summary>A form of the site.</summary>
    Form,

    /// <summary>A hook that is told of the site's events.</summary>
    Hook,
}

/// <summary>
/// Something that is wrong at a site and that somebody outside of the gateway has to put right. Nothing may have failed of it yet.
/// </summary>
internal sealed class SiteFinding
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public FindingKind Kind { get; set; }

    /// <summary>The domain, the sender's id of the form, or the hook's public id; one finding for each.</summary>
    public required string Subject { get; set; }

    /// <summary>The subject as people know it.</summary>
    public required string Name { get; set; }

    /// <summary>What is wrong, in sentences without personal data.</summary>
    public required string Text { get; set; }

    /// <summary>When it was found first, UTC.</summary>
    public DateTime Since { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SiteFinding>
    {
        public void Configure(EntityTypeBuilder<SiteFinding> builder)
        {
            builder.ToTable("site_findings");
            builder
                .HasIndex(finding => new
                {
                    finding.SiteId,
                    finding.Kind,
                    finding.Subject,
                })
                .IsUnique();
        }
    }
}
