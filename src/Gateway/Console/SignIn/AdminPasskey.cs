using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Console.SignIn;

/// <summary>A passkey of somebody who was invited. What is secret of it never leaves their device.</summary>
internal sealed class AdminPasskey
{
    public Guid Id { get; set; }

    public Guid PersonId { get; set; }

    /// <summary>As they call it, such as the device that it is on.</summary>
    public required string Name { get; set; }

    /// <summary>What the device calls it.</summary>
    public required byte[] CredentialId { get; set; }

    /// <summary>COSE, as the device sent it.</summary>
    public required byte[] PublicKey { get; set; }

    /// <summary>How often the device has signed; 0 where it does not count, as with passkeys that several devices share.</summary>
    public long SignCount { get; set; }

    public DateTime AddedAt { get; set; }

    public DateTime? LastUsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AdminPasskey>
    {
        public void Configure(EntityTypeBuilder<AdminPasskey> builder)
        {
            builder.ToTable("admin_passkeys");
            builder.Property(passkey => passkey.Name).HasMaxLength(AdminPasskeys.MaxName);
            builder.HasIndex(passkey => passkey.CredentialId).IsUnique();
            builder.HasIndex(passkey => passkey.PersonId);
        }
    }
}

/// <summary>What a passkey is asked to sign, once. Known here only by its hash.</summary>
internal sealed class PasskeyChallenge
{
    /// <summary>SHA-256 of the challenge.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The session that adds a passkey; null where somebody signs in.</summary>
    public Guid? SessionId { get; set; }

    public DateTime ExpiresAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<PasskeyChallenge>
    {
        public void Configure(EntityTypeBuilder<PasskeyChallenge> builder)
        {
            builder.ToTable("passkey_challenges");
            builder.HasKey(challenge => challenge.Hash);
            builder.HasIndex(challenge => challenge.ExpiresAt);
        }
    }
}
