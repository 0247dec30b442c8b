using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Contacts;

/// <summary>
/// One entry of a site's consent ledger. Entries are added and never changed, but for <see cref="Personal"/>, which erasure removes.
/// </summary>
internal sealed class Consent
{
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>1, 2, 3 … within the site.</summary>
    public long Sequence { get; set; }

    public ConsentKind Kind { get; set; }

    public Guid ContactId { get; set; }

    public Guid ListId { get; set; }

    /// <summary>The stored canonical bytes (JSON, UTF-8) that the hash covers; personal fields stand in it as salted digests.</summary>
    public required byte[] Entry { get; set; }

    /// <summary>Values and salts of the personal fields as JSON; null once the person was erased.</summary>
    public string? Personal { get; set; }

    /// <summary>HMAC-SHA256 over the previous entry's hash and <see cref="Entry"/>, with a key outside the database.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>In whole milliseconds, as <see cref="Entry"/> says it.</summary>
    public DateTime OccurredAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Consent>
    {
        public void Configure(EntityTypeBuilder<Consent> builder)
        {
            builder.ToTable("consents");
            builder.HasIndex(consent => new { consent.SiteId, consent.Sequence }).IsUnique();
            builder.HasIndex(consent => consent.ContactId);
        }
    }
}

internal enum ConsentKind
{
    Confirmed,

    /// <summary>It was given elsewhere, and somebody with the right to told us of it.</summary>
    Proven,

    Unsubscribed,
    Cancelled,

    /// <summary>The site took the person off the list; their own doing it was not.</summary>
    Removed,

    Erased,

    /// <summary>"This wasn't me" was taken back: the person may be asked again, and is on no list by that.</summary>
    Reopened,

    /// <summary>The mail server says that the address does not exist: the sign-up or the subscription ended without the person.</summary>
    Bounced,

    /// <summary>The person called mail of the site spam, says their mail provider.</summary>
    Complained,
}

/// <summary>The newest entry of a site's ledger. It is updated first, which makes two writers take turns.</summary>
internal sealed class LedgerHead
{
    public Guid SiteId { get; set; }

    public long Sequence { get; set; }

    public required byte[] Hash { get; set; }

    /// <summary><see cref="LedgerKeys.Seal"/>; empty after a head that no gateway wrote.</summary>
    public required byte[] Seal { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<LedgerHead>
    {
        public void Configure(EntityTypeBuilder<LedgerHead> builder)
        {
            builder.ToTable("ledger_heads");
            builder.HasKey(head => head.SiteId);
            builder.Property(head => head.SiteId).ValueGeneratedNever();
        }
    }
}
