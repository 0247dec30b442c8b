using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts.Purposes;

/// <summary>
/// What a site asks consent for, in its own words. A list has one: a consent is given for a purpose, and what was said of it stands in the
/// ledger.
/// </summary>
internal sealed class Purpose
{
    public const int MaxKey = 40;

    public const int MaxText = 1_000;

    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>Small letters, digits and hyphens, at most <see cref="MaxKey"/>.</summary>
    public required string Key { get; set; }

    /// <summary>JSON: by two-letter language, a sentence of at most <see cref="MaxText"/> characters that people read before they
    /// agree.</summary>
    public required string Words { get; set; }

    public DateTime CreatedAt { get; set; }

    public Dictionary<string, string> WordsByLanguage() => JsonSerializer.Deserialize<Dictionary<string, string>>(Words)!;

    internal sealed class Mapping : IEntityTypeConfiguration<Purpose>
    {
        public void Configure(EntityTypeBuilder<Purpose> builder)
        {
            builder.ToTable("purposes");
            builder.Property(purpose => purpose.Key).HasMaxLength(MaxKey);
            builder.HasIndex(purpose => new { purpose.SiteId, purpose.Key }).IsUnique();
        }
    }
}
