using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Sites;

/// <summary>
/// A key that signs access tokens (ES256). The newest signs; older ones verify until every token they signed has expired.
/// </summary>
internal sealed class SigningKey
{
    /// <summary>Also the token's <c>kid</c>.</summary>
    public Guid Id { get; set; }

    /// <summary>The private key as PKCS#8, encrypted.</summary>
    public required string ProtectedKey { get; set; }

    /// <summary>The order in which the keys were made: a clock may be put back.</summary>
    public int Sequence { get; set; }

    public DateTime CreatedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SigningKey>
    {
        public void Configure(EntityTypeBuilder<SigningKey> builder) => builder.ToTable("signing_keys");
    }
}
