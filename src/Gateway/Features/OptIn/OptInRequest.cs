using Gateway.Features.Mail.Budgets;
using Gateway.Features.OptIn.Budgets;
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
    /// <summary>
    /// A row that is nobody's: what is typed for an address that nobody knows is counted on it, so that it takes the same time.
    /// </summary>
    public static readonly Guid NobodyId = new("00000000-0000-0000-0000-0000000000ff");

    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>
    /// Where one form asked for several lists: the request whose mail, link and code stand for this one too. Null where it has its own.
    /// </summary>
    public Guid? LeadId { get; set; }

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

    /// <summary>When its mail was written; null while it is held back.</summary>
    public DateTime? AskedAt { get; set; }

    /// <summary>When the link stops working; of one that is held back, when nobody waits for its mail any more.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>Why its mail does not go out yet, or never will.</summary>
    public HoldReason? HeldFor { get; set; }

    /// <summary>The domain it counts under (<see cref="RecipientDomains.GroupOf"/>).</summary>
    public string? Domain { get; set; }

    /// <summary>Where the visitor came from (<see cref="BudgetKeys.VisitorOf"/>), while its mail is held back.</summary>
    public byte[]? Visitor { get; set; }

    /// <summary>
    /// The visitor's network (<see cref="BudgetKeys.NetworkOf"/>), until it is confirmed or over: one network alone is not to keep
    /// others from being asked.
    /// </summary>
    public int? Network { get; set; }

    /// <summary>When it is to be expired, while it is pending, or tried again, while it is held back.</summary>
    public DateTime? DueAt { get; set; }

    public int Attempts { get; set; }

    public DateTime? LeasedUntil { get; set; }

    public Guid? LeasedBy { get; set; }

    public int Losses { get; set; }

    /// <summary>The request whose mail asks for this one.</summary>
    public Guid MailOf => LeadId ?? Id;

    /// <summary>
    /// Has no mail of its own, and so counts nowhere where mails are counted. While it is held it keeps what it would be counted by: it
    /// may have to go its own way.
    /// </summary>
    public void Follow(OptInRequest lead)
    {
        LeadId = lead.Id;
        (State, AskedAt, ExpiresAt, DueAt) = (lead.State, lead.AskedAt, lead.ExpiresAt, lead.DueAt);
        HeldFor = null;
        if (State != OptInState.Held)
        {
            (Domain, Visitor, Network) = (null, null, null);
        }
    }

    /// <summary>Why its time cannot come to an end by itself, in a sentence; null for nearly all.</summary>
    public string? Failure { get; set; }

    /// <summary>For a try that may be undone and begun again.</summary>
    public OptInRequest Copy() => (OptInRequest)MemberwiseClone();

    internal sealed class Mapping : IEntityTypeConfiguration<OptInRequest>
    {
        public void Configure(EntityTypeBuilder<OptInRequest> builder)
        {
            builder.ToTable("optin_requests");
            builder.HasData(
                new OptInRequest
                {
                    Id = NobodyId,
                    Language = "en",
                    State = OptInState.Voided,
                    CodeHmac = new byte[32],
                    // About as long as others are: a longer row takes longer to write.
                    Evidence = new string(' ', 500),
                    CreatedAt = DateTime.UnixEpoch,
                    ExpiresAt = DateTime.UnixEpoch,
                }
            );
            builder.HasIndex(request => request.SubscriptionId);
            builder.HasIndex(request => request.ContactId);
            builder.HasIndex(request => request.SubmissionId).HasFilter("submission_id is not null");
            builder.HasIndex(request => new { request.ListId, request.SubmissionId }).HasFilter("submission_id is not null");
            builder.Ignore(request => request.MailOf);
            builder.HasIndex(request => request.LeadId).HasFilter("lead_id is not null");

            // All that statistics count, so that they need not look at the rows.
            builder.HasIndex(request => new
            {
                request.SiteId,
                request.CreatedAt,
                request.FormId,
                request.State,
            });
            builder.HasIndex(request => request.DueAt).HasFilter("due_at is not null");
            builder.HasIndex(request => new { request.SiteId, request.HeldFor }).HasFilter("state = 'held'");

            // All that the circuit breaker counts.
            builder.Property(request => request.Domain).HasMaxLength(255);
            builder.HasIndex(request => new
            {
                request.SiteId,
                request.Domain,
                request.AskedAt,
                request.State,
                request.Network,
            });

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

    /// <summary>Of several lists that one mail asked for, the person wanted others and not this one.</summary>
    Declined,

    Expired,

    /// <summary>Its mail is over a budget: it goes out when there is room.</summary>
    Held,

    /// <summary>No mail was sent: there was no room in time, or the operator wants none sent to such a domain.</summary>
    Refused,
}
