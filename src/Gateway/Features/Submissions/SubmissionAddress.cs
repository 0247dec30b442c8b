using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Features.Submissions;

/// <summary>
/// An address that stands somewhere in a submission, so that an erasure finds every submission that names the person, whatever form it came
/// from and whatever box was ticked.
/// </summary>
internal sealed class SubmissionAddress
{
    public Guid SubmissionId { get; set; }

    /// <summary>A keyed hash of the address's key (<see cref="Contacts.Suppressions.Hash"/>).</summary>
    public required byte[] AddressHash { get; set; }

    public Guid SiteId { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<SubmissionAddress>
    {
        public void Configure(EntityTypeBuilder<SubmissionAddress> builder)
        {
            builder.ToTable("submission_addresses");
            builder.HasKey(row => new { row.SubmissionId, row.AddressHash });
            builder.HasIndex(row => new { row.SiteId, row.AddressHash });
        }
    }
}
