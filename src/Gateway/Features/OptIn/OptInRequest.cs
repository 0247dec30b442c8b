using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.OptIn;

/// <summary>
/// One request to confirm: the wording that was shown, and the data that wait for the confirmation. A token belongs to one request, never
/// to a
/// subscription, or a click on the first mail could confirm somebody else's later wording.
/// </summary>
internal sealed class OptInRequest : ILeased
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    public Guid SubscriptionId { get; set; }

    public Guid ContactId { get; set; }

    public Guid ListId { get; set; }

    public Guid? SubmissionId { get; set; }

    /// <summary>The sender's id of the form, for statistics.</summary>
    public string? FormId { get; set; }

    public OptInState State { get; set; }

    /// <summary>Two-letter language of the mail and the pages.</summary>
    public required string Language { get; set; }

    /// <summary>What was shown and typed (<see cref="OptInEvidence"/>), as JSON; removed when the request expires.</summary>
    public string? Evidence { get; set; }

    /// <summary>HMAC of the 8-digit code.</summary>
    public required byte[] CodeHmac { get; set; }

    public int CodeTries { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime ExpiresAt { get; set; }

    /// <summary>When it is to be expired, while it is pending.</summary>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public int Losses { get; set; }

    /// <summary>Why its time cannot come to an end by itself, in a sentence; null for nearly all.</summary>
    public string? Failure { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<OptInRequest>
    {
        public void Configure(EntityTypeBuilder<OptInRequest> builder)
        {
            builder.ToTable("optin_requests");
            builder.HasIndex(request => request.SubscriptionId);
            builder.HasIndex(request => request.ContactId);

            // All that statistics count, so that they need not look at the rows.
            builder.HasIndex(request => new
            {
                request.SiteId,
                request.CreatedAt,
                request.FormId,
                request.State,
            });
            builder.HasIndex(request => request.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(request => request.Id).HasFilter("failure is not null");
        }
    }
}

internal enum OptInState
{
    Pending,
    Confirmed,
    Cancelled,

    /// <summary>Another request of the same subscription was confirmed.</summary>
    Voided,

    Expired,
}
