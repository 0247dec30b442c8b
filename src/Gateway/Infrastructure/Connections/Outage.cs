using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Infrastructure.Connections;

/// <summary>
/// A connection to an outside party that is held, or was: a mail server, a list provider, an SMS provider. What would go over it waits
/// without being tried, one row at a time finds out whether the connection works again, and people see one problem instead of a thousand.
/// </summary>
internal sealed class Outage : IQueued
{
    public Guid Id { get; set; }

    /// <summary>Names the connection, such as <c>mail</c>; unique. It may hold ids, and never an address or a secret.</summary>
    public required string Connection { get; set; }

    /// <summary>The one site it concerns; null when it may concern all.</summary>
    public Guid? SiteId { get; set; }

    /// <summary>The queue whose rows wait: <c>mail</c>, <c>lists</c> or <c>sms</c>.</summary>
    public required string Queue { get; set; }

    public Concern Concern { get; set; }

    /// <inheritdoc cref="ConnectionError.Code"/>
    public required string Code { get; set; }

    /// <inheritdoc cref="ConnectionError.Reason"/>
    public required string Reason { get; set; }

    public DateTime Since { get; set; }

    /// <summary>When the connection worked again; null while it is held.</summary>
    public DateTime? EndedAt { get; set; }

    /// <summary>Tries that failed since it began.</summary>
    public int Failures { get; set; }

    /// <summary>When one row may find out whether the connection works again.</summary>
    public DateTime ProbeAt { get; set; }

    /// <summary>When people are to hear of it next.</summary>
    public DateTime AnnounceAt { get; set; }

    /// <summary>The sites that heard of it, ids with commas between; empty while nobody has.</summary>
    public string Announced { get; set; } = "";

    /// <summary>Whether the latest end was announced.</summary>
    public bool WasAnnounced { get; set; }

    /// <summary>
    /// Whether rows of <see cref="SiteId"/> leave by another way meanwhile: then it is that site's news though nothing waits.
    /// </summary>
    public bool IsBypassed { get; set; }

    /// <summary>When <see cref="WatchOutages"/> has something to do; null once the end was announced.</summary>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Outage>
    {
        public void Configure(EntityTypeBuilder<Outage> builder)
        {
            builder.ToTable("outages");
            builder.HasIndex(outage => outage.Connection).IsUnique();
            builder.HasIndex(outage => outage.DueAt).HasFilter("due_at is not null");
        }
    }
}

/// <summary>A row that waits while its connection is held.</summary>
internal interface IHoldable : ILeased
{
    Guid SiteId { get; }

    /// <summary>
    /// The connection it waits for; null when it waits for none. Whoever leases the row takes this away, so a row that has it is nobody's.
    /// </summary>
    string? HeldBy { get; set; }

    /// <summary>Tries that failed: of those that wait, the one with the fewest tries the connection first.</summary>
    int Failures { get; }
}
