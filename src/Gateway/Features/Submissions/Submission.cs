using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Submissions;

/// <summary>One submission of a form as it came in, and what became of it.</summary>
internal sealed class Submission : ILeased
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>Made once by the sender and kept over its retries; at most 100 characters.</summary>
    public required string Key { get; set; }

    /// <summary>SHA-256 of the content, so that a key used again for something else is noticed.</summary>
    public required byte[] ContentHash { get; set; }

    /// <summary>
    /// The JSON as received (UTF-8), but for the visitor's IP address where the site keeps less of it. Bytes, since JSON columns refuse
    /// some texts.
    /// </summary>
    public required byte[] Body { get; set; }

    /// <summary>
    /// Where the visitor came from (<see cref="Mail.Budgets.BudgetKeys.VisitorOf"/>), where the site keeps no or only a part of the IP
    /// address; removed once it is processed.
    /// </summary>
    public byte[]? Visitor { get; set; }

    /// <summary>The sender's id of the form, for statistics.</summary>
    public string? FormId { get; set; }

    public SubmissionState State { get; set; }

    /// <summary>Why it failed, as a stable code such as <c>unknown_list</c>.</summary>
    public string? FailureCode { get; set; }

    /// <summary>Why it failed, in a sentence without personal data.</summary>
    public string? Failure { get; set; }

    /// <summary>What an operator decided on replay, as JSON (<see cref="Override"/>); the body stays as it came.</summary>
    public string? Override { get; set; }

    public DateTime ReceivedAt { get; set; }
    public DateTime? DueAt { get; set; }
    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Submission>
    {
        public void Configure(EntityTypeBuilder<Submission> builder)
        {
            builder.ToTable("submissions");
            builder.HasIndex(submission => new { submission.SiteId, submission.Key }).IsUnique();
            builder.HasIndex(submission => submission.DueAt).HasFilter("due_at is not null");
            builder
                .HasIndex(submission => submission.Id)
                .HasFilter("failure_code is not null")
                .IncludeProperties(submission => new { submission.SiteId, submission.Attempts });
            builder.HasIndex(submission => new { submission.SiteId, submission.Id }).HasFilter("failure_code is not null");
            builder.HasIndex(submission => new { submission.SiteId, submission.ReceivedAt }).HasFilter("failure_code is not null");

            // All that statistics count, so that they need not look at the rows.
            builder.HasIndex(submission => new
            {
                submission.SiteId,
                submission.ReceivedAt,
                submission.FormId,
                submission.State,
            });
        }
    }
}

internal enum SubmissionState
{
    Waiting,

    /// <summary>Everything it asked for was started; nothing, if nobody consented.</summary>
    Done,

    /// <summary>It could not be understood; it stands here until somebody replays it.</summary>
    Failed,
}
