using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Templates;

/// <summary>Values to look at a template with, kept under a name.</summary>
internal sealed class TemplateSample
{
    public Guid Id { get; set; }

    public Guid TemplateId { get; set; }

    /// <summary>Unique within the template.</summary>
    public required string Name { get; set; }

    /// <summary>A JSON object whose members are namespaces: <c>{"vars": {"order": …}, "contact": {…}}</c>.</summary>
    public required string Json { get; set; }

    public DateTime UpdatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateSample>
    {
        public void Configure(EntityTypeBuilder<TemplateSample> builder)
        {
            builder.ToTable("template_samples");
            builder.HasIndex(sample => new { sample.TemplateId, sample.Name }).IsUnique();
        }
    }
}
