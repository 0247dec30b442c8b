using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Templates;

/// <summary>
/// What a site says in one kind of message; its words stand in <see cref="TemplateVersion"/>s, one history for each language.
/// </summary>
internal sealed class Template
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>How callers name it, such as <c>order-shipped</c>; unique within the site.</summary>
    public required string Key { get; set; }

    public TemplateKind Kind { get; set; }

    /// <summary>For people.</summary>
    public required string Name { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <returns>All of it that somebody can change; its words have versions of their own.</returns>
    public object Changeable() => new { Name };

    internal sealed class Mapping : IEntityTypeConfiguration<Template>
    {
        public void Configure(EntityTypeBuilder<Template> builder)
        {
            builder.ToTable("templates");
            builder.Property(template => template.Key).HasMaxLength(TemplateStore.MaxKey);
            builder.HasIndex(template => new { template.SiteId, template.Key }).IsUnique();
        }
    }
}

internal enum TemplateKind
{
    /// <summary>The mail that asks to confirm a subscription. It sees nothing a visitor typed.</summary>
    Confirmation,

    /// <summary>The first mail after that.</summary>
    Welcome,

    /// <summary>A transactional mail, <c>POST /v1/messages</c>.</summary>
    Email,

    /// <summary>A transactional SMS, <c>POST /v1/sms</c>.</summary>
    Sms,

    /// <summary>The mail that asks somebody who was silent for long whether they stay on a list.</summary>
    Repermission,
}
