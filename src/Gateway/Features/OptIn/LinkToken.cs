using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.OptIn;

/// <summary>A secret in a link, known here only by its hash, good for one purpose and until a date.</summary>
internal sealed class LinkToken
{
    /// <summary>SHA-256 of the token.</summary>
    public required byte[] Hash { get; set; }

    public LinkPurpose Purpose { get; set; }

    public Guid SubscriptionId { get; set; }

    /// <summary>The request that a confirm token answers.</summary>
    public Guid? RequestId { get; set; }

    public DateTime ExpiresAt { get; set; }

    /// <summary>When a token that works once was used.</summary>
    public DateTime? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LinkToken>
    {
        public void Configure(EntityTypeBuilder<LinkToken> builder)
        {
            builder.ToTable("link_tokens");
            builder.HasKey(token => token.Hash);
            builder.HasIndex(token => token.ExpiresAt).HasFilter("request_id is null");
            builder.HasIndex(token => token.SubscriptionId);
        }
    }
}

internal enum LinkPurpose
{
    /// <summary>Answers one request: yes, or "this wasn't me". Works once.</summary>
    Confirm,

    /// <summary>Leaves one list. Works again and again.</summary>
    Unsubscribe,

    /// <summary>Shows and changes a person's subscriptions at one site. Works again and again.</summary>
    Preferences,

    /// <summary>Somebody who was silent stays on a list. Works once.</summary>
    Stay,

    /// <summary>Shows a person what is kept of them, and lets them correct and delete it. Works for a day.</summary>
    OwnData,
}
