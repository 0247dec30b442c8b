using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Console.SetUp;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class SetUpTables
{
    extension(GatewayDb db)
    {
        public DbSet<SetUpStep> SetUpSteps => db.Set<SetUpStep>();

        public DbSet<SetUpCheck> SetUpChecks => db.Set<SetUpCheck>();
    }
}
