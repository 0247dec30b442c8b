using Gateway.Features.Mail.SenderDomains;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Mail.Dkim;

/// <summary>A key that this gateway signs the mails of a domain with.</summary>
internal sealed class DkimKey
{
    public Guid Id { get; set; }

    /// <summary>The domain in From, in ASCII and lower case; it is the signature's <c>d=</c>.</summary>
    public required string Domain { get; set; }

    /// <summary>The signature's <c>s=</c>. One that was used is never used again for another key.</summary>
    public required string Selector { get; set; }

    /// <summary><c>rsa</c> or <c>ed25519</c>, as the record's <c>k=</c> says.</summary>
    public required string Kind { get; set; }

    /// <summary>As <c>p=</c> has it.</summary>
    public required string PublicKey { get; set; }

    /// <summary>PKCS #8, base64, encrypted; null once it was destroyed.</summary>
    public string? ProtectedKey { get; set; }

    public DkimKeyState State { get; set; }

    public DateTime CreatedAt { get; set; }

    /// <summary>When it began or ceased to sign; null while it has not.</summary>
    public DateTime? ChangedAt { get; set; }

    public OwnDkimRecord Record() => new(Selector, $"v=DKIM1; k={Kind}; p={PublicKey}", State == DkimKeyState.Signing);

    internal sealed class Mapping : IEntityTypeConfiguration<DkimKey>
    {
        public void Configure(EntityTypeBuilder<DkimKey> builder)
        {
            builder.ToTable("dkim_keys");
            builder.HasIndex(row => new { row.Domain, row.Selector }).IsUnique();
        }
    }
}

internal enum DkimKeyState
{
    /// <summary>It was made, and its record has to be published.</summary>
    Prepared,

    Signing,

    /// <summary>Mails that it signed may still be on their way, so its record stays for a while; the private key is gone.</summary>
    Retired,
}
