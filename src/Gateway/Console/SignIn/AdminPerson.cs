using Gateway.Infrastructure.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Console.SignIn;

/// <summary>Somebody who may sign in by a link that is sent to them. Only their address is known of them.</summary>
internal sealed class AdminPerson
{
    public Guid Id { get; set; }

    /// <summary><see cref="EmailAddress.Key"/>; the audit and their sessions name them so.</summary>
    public required string Address { get; set; }

    public required AdminRoles Access { get; set; }

    /// <summary>Who invited them, as the audit names people.</summary>
    public required string InvitedBy { get; set; }

    public DateTime InvitedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AdminPerson>
    {
        public void Configure(EntityTypeBuilder<AdminPerson> builder)
        {
            builder.ToTable("admin_people");
            builder.Property(person => person.Address).HasMaxLength(AdminLinks.MaxName);
            builder.Property(person => person.Access).HasConversion(access => access.ToText(), stored => AdminRoles.FromText(stored));
            builder.HasIndex(person => person.Address).IsUnique();
        }
    }
}
