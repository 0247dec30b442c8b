using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sites.Connecting;

/// <summary>
/// Somebody who may do so let a WordPress be connected with a site. Its plugin exchanges the code for the site's connection key, once.
/// </summary>
internal sealed class ConnectCode
{
    /// <summary>SHA-256 of the code.</summary>
    public required byte[] Hash { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>The plugin's page that the code was sent to; who exchanges it names the same.</summary>
    public required string RedirectUri { get; set; }

    /// <summary>SHA-256 of what only that plugin knows (RFC 7636).</summary>
    public required string Challenge { get; set; }

    /// <summary>Who pressed the button, as the audit names them.</summary>
    public required string Actor { get; set; }

    public DateTime ExpiresAt { get; set; }

    public DateTime? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ConnectCode>
    {
        public void Configure(EntityTypeBuilder<ConnectCode> builder)
        {
            builder.ToTable("connect_codes");
            builder.HasKey(code => code.Hash);
            builder.Property(code => code.RedirectUri).HasMaxLength(ConnectRequest.MaxRedirect);
            builder.Property(code => code.Challenge).HasMaxLength(ConnectRequest.ChallengeLength);
            builder.HasIndex(code => code.ExpiresAt);
        }
    }
}
