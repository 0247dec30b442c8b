using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.OptIn.Hygiene;

/// <summary>What somebody decided about a list.</summary>
internal enum HygieneDecision
{
    /// <summary>Everybody who is silent is asked by mail whether they stay.</summary>
    Ask,

    /// <summary>Whoever was asked and did not answer in time is taken off.</summary>
    Remove,

    /// <summary>Whoever was asked to confirm by one mail, and did not answer, gets another one.</summary>
    Resend,
}

/// <summary>
/// A decision on its way: people are asked, or taken off, some at a time. The table is the queue of <see cref="WorkRounds"/>. How far it
/// has got is stored with what it did, so after a crash it goes on where it was.
/// </summary>
internal sealed class HygieneRound : ILeased
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public Guid ListId { get; set; }

    public HygieneDecision Decision { get; set; }

    /// <summary>Who is silent: those whose last sign of life, or the mail that asks to confirm, is before this day, UTC.</summary>
    public DateOnly SilentBefore { get; set; }

    /// <summary>Who decided, as the audit names them.</summary>
    public required string Actor { get; set; }

    /// <summary>How many people were asked, asked again or taken off so far.</summary>
    public int Done { get; set; }

    /// <summary>The last sign of life of the last person that was looked at, where people are asked.</summary>
    public DateOnly AfterDay { get; set; }

    /// <summary>That person: their contact where people are taken off, else their subscription.</summary>
    public Guid AfterId { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>Null while it goes on.</summary>
    public DateTime? EndedAt { get; set; }

    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    /// <summary>Tries in a row that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Why it does not go on by itself, in a sentence; null for nearly all.</summary>
    public string? Failure { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<HygieneRound>
    {
        public void Configure(EntityTypeBuilder<HygieneRound> builder)
        {
            builder.ToTable("hygiene_rounds");
            builder.HasIndex(round => round.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(round => round.Id).HasFilter("failure is not null");

            // Who presses twice decides once.
            builder
                .HasIndex(round => new { round.ListId, round.Decision }, "ix_hygiene_rounds_open")
                .HasDatabaseName("ix_hygiene_rounds_open")
                .HasFilter("ended_at is null")
                .IsUnique();
            builder.HasIndex(round => new { round.SiteId, round.Id });
        }
    }
}
