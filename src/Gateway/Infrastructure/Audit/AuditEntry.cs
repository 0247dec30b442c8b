using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Infrastructure.Audit;

/// <summary>Who changed what: operators at the command line or on the admin pages, API clients.</summary>
internal sealed class AuditEntry
{
    public Guid Id { get; set; }

    public Guid? SiteId { get; set; }

    /// <summary><c>cli</c>, the client id of an API key, or <c>admin:</c> and the name of who is signed in.</summary>
    public required string Actor { get; set; }

    /// <summary>Such as <c>key.rotated</c>, <c>submission.replayed</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The id of the row that was changed.</summary>
    public string? Subject { get; set; }

    /// <summary>
    /// What whoever did it gave as the reason. It is free text, so it may name somebody: an erasure empties it
    /// (<see cref="AuditLog.ForgetReasonsAsync"/>).
    /// </summary>
    public string? Reason { get; set; }

    public DateTime OccurredAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit");
            builder.HasIndex(entry => new { entry.SiteId, entry.Id });

            // When a backup was made, and the like.
            builder.HasIndex(entry => new { entry.Action, entry.Id }).HasFilter("site_id is null");

            // Who changed something, and what one of them did.
            builder.HasIndex(entry => new { entry.Actor, entry.Id });
            builder.HasIndex(entry => new
            {
                entry.SiteId,
                entry.Actor,
                entry.Id,
            });

            // Few beside the others, and looked through by each erasure.
            builder.HasIndex(entry => entry.SiteId).HasDatabaseName("ix_audit_reasons").HasFilter("reason is not null");
        }
    }
}
