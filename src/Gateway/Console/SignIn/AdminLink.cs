using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Console.SignIn;

/// <summary>A link that signs somebody in once. Known here only by its hash.</summary>
internal sealed class AdminLink
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Whom it is for, as the audit will name them.</summary>
    public required string Name { get; set; }

    /// <summary>Somebody who was invited; null where whoever is on the machine made it.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>What it opens; of somebody who was invited, what is stored of them counts instead.</summary>
    public required AdminRoles Access { get; set; }

    public DateTime ExpiresAt { get; set; }

    public DateTime? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AdminLink>
    {
        public void Configure(EntityTypeBuilder<AdminLink> builder)
        {
            builder.ToTable("admin_links");
            builder.HasKey(link => link.Hash);
            builder.Property(link => link.Name).HasMaxLength(AdminLinks.MaxName);
            builder.Property(link => link.Access).HasConversion(access => access.ToText(), stored => AdminRoles.FromText(stored));
            builder.HasIndex(link => link.ExpiresAt);
        }
    }
}
