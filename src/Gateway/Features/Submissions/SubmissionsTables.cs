using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Submissions;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class SubmissionsTables
{
    extension(GatewayDb db)
    {
        public DbSet<Submission> Submissions => db.Set<Submission>();

        public DbSet<SubmissionAddress> SubmissionAddresses => db.Set<SubmissionAddress>();
    }
}
