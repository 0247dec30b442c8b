using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sites;

/// <summary>
/// A secret by which a caller shows that it speaks for a site. Two of each kind are live, so that one can be replaced without a gap.
/// </summary>
internal sealed class Credential
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public CredentialKind Kind { get; set; }

    /// <summary>The client id of an API key; null for a signing secret.</summary>
    public string? ClientId { get; set; }

    /// <summary>What a key of its own is for, such as "Zapier"; null for the pair that was made with the site.</summary>
    public string? Name { get; set; }

    /// <summary>The scopes that tokens of an API key may have, with spaces between; null for all.</summary>
    public string? Scopes { get; set; }

    /// <summary>When an API key was last exchanged for a token, to the hour.</summary>
    public DateTime? LastUsedAt { get; set; }

    /// <summary>SHA-256 of an API key's secret, which is only ever compared.</summary>
    public byte[]? SecretHash { get; set; }

    /// <summary>A signing secret, encrypted, because signatures need the secret itself.</summary>
    public string? ProtectedSecret { get; set; }

    /// <summary>The order in which a site's credentials were made: a clock may be put back.</summary>
    public int Sequence { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime? RevokedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Credential>
    {
        public void Configure(EntityTypeBuilder<Credential> builder)
        {
            builder.ToTable("credentials");
            builder.Property(credential => credential.Name).HasMaxLength(ApiKeys.MaxName);
            builder.Property(credential => credential.Scopes).HasMaxLength(200);
            builder.HasIndex(credential => credential.SiteId);
            builder.HasIndex(credential => credential.ClientId).IsUnique();
        }
    }
}

internal enum CredentialKind
{
    /// <summary>Signs what the WordPress plugin sends (Standard Webhooks).</summary>
    Signing,

    /// <summary>Exchanged for an access token by Zapier and scripts.</summary>
    Api,
}
