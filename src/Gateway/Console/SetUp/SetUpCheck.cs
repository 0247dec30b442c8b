using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Console.SetUp;

/// <summary>A value that went out to find out whether it comes back. Known here only by its hash.</summary>
internal sealed class SetUpCheck
{
    /// <summary>SHA-256 of the value.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The step that it is for, one of <see cref="SetUpSteps"/>.</summary>
    public required string Step { get; set; }

    /// <summary>Who asked, as the audit names them.</summary>
    public required string Actor { get; set; }

    public DateTime CreatedAt { get; set; }

    public DateTime ExpiresAt { get; set; }

    public DateTime? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SetUpCheck>
    {
        public void Configure(EntityTypeBuilder<SetUpCheck> builder)
        {
            builder.ToTable("setup_checks");
            builder.HasKey(check => check.Hash);
            builder.Property(check => check.Step).HasMaxLength(20);
        }
    }
}
