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

    /// <summary>Somebody who was invited. What they may do is what is stored of them at each request.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>What the issuer calls somebody for good; null for whoever came by a link. Names change hands, this does not.</summary>
    public string? Subject { get; set; }

    /// <summary>What they may do; of somebody who was invited, what is stored of them counts instead.</summary>
    public required AdminRoles Access { get; set; }

    /// <summary><c>link</c>, <c>passkey</c> or <c>oidc</c>.</summary>
    public required string Means { get; set; }

    public DateTime StartedAt { get; set; }

    /// <summary>Nobody stays signed in beyond this, however busy.</summary>
    public DateTime EndsAt { get; set; }

    /// <summary>When they signed out or somebody revoked it.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>How the audit names them: two people of one name at the issuer are two.</summary>
    public string Actor => AdminUser.ActorOf(Name, Subject);

    internal sealed class Mapping : IEntityTypeConfiguration<AdminSession>
    {
        public void Configure(EntityTypeBuilder<AdminSession> builder)
        {
            builder.ToTable("admin_sessions");
            builder.Property(session => session.Name).HasMaxLength(AdminLinks.MaxName);
            builder.Property(session => session.Access).HasConversion(access => access.ToText(), stored => AdminRoles.FromText(stored));
            builder.Ignore(session => session.Actor);
            builder.HasIndex(session => session.EndsAt);
        }
    }
}
