using Gateway.Infrastructure.Connections;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Lists;

/// <summary>What the provider should know about one subscription, and what it was sent last.</summary>
internal sealed class ListSync : IHoldable
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public Guid SubscriptionId { get; set; }

    public Guid ContactId { get; set; }

    public Guid ListId { get; set; }

    public DesiredState Desired { get; set; }

    /// <summary>Raised by every change of what is wanted, so that a change during a call is not taken for synced.</summary>
    public int DesiredVersion { get; set; }

    /// <summary>Whether it comes from a fresh confirmation, the only thing that may clear an unsubscribe at the provider.</summary>
    public bool Fresh { get; set; }

    public DesiredState? Synced { get; set; }

    public DateTime? SyncedAt { get; set; }

    /// <summary>What the provider did not take of the person when it was synced last, in a sentence; null when nothing.</summary>
    public string? Remark { get; set; }

    /// <summary>The address, encrypted, when the person was erased or taken off the list and the provider does not know yet.</summary>
    public string? ErasedAddress { get; set; }

    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    public string? HeldBy { get; set; }

    /// <summary>Tries that failed since what is desired last changed or was replayed.</summary>
    public int Failures { get; set; }

    /// <summary>The last failure in a sentence without personal data; with no <see cref="DueAt"/> it is final until replayed.</summary>
    public string? Failure { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ListSync>
    {
        public void Configure(EntityTypeBuilder<ListSync> builder)
        {
            builder.ToTable("list_syncs");
            builder.HasIndex(sync => sync.SubscriptionId).IsUnique();
            builder.HasIndex(sync => sync.ContactId);
            builder.HasIndex(sync => sync.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(sync => sync.HeldBy).HasFilter("held_by is not null");
            builder.HasIndex(sync => sync.Id).HasFilter("failure is not null and due_at is null");
            builder.HasIndex(sync => new { sync.SiteId, sync.Id }).HasFilter("failure is not null");
        }
    }
}

internal enum DesiredState
{
    Subscribed,
    Unsubscribed,

    /// <summary>
    /// The person was erased, or the site took them off: the provider should take the address from the list and remember no refusal.
    /// </summary>
    Removed,
}
