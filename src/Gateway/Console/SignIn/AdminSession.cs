using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Console.SignIn;

/// <summary>
/// Somebody is signed in. The cookie only names this row, so that signing out and revoking count at once, on every replica.
/// </summary>
internal sealed class AdminSession
{
    public Guid Id { get; set; }

    public required string Name { get; set; }

    public required AdminRoles Access { get; set; }

    /// <summary><c>link</c> or <c>oidc</c>.</summary>
    public required string Means { get; set; }

    public DateTime StartedAt { get; set; }

    /// <summary>Nobody stays signed in beyond this, however busy.</summary>
    public DateTime EndsAt { get; set; }

    /// <summary>When they signed out or somebody revoked it.</summary>
    public DateTime? EndedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AdminSession>
    {
        public void Configure(EntityTypeBuilder<AdminSession> builder)
        {
            builder.ToTable("admin_sessions");
            builder.Property(session => session.Name).HasMaxLength(AdminLinks.MaxName);
            builder.Property(session => session.Access).HasConversion(access => access.ToText(), stored => AdminRoles.FromText(stored));
            builder.HasIndex(session => session.EndsAt);
        }
    }
}
