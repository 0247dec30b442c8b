using Gateway.Features.OptIn.Budgets;
using Gateway.Features.OptIn.Hygiene;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.OptIn;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class OptInTables
{
    extension(GatewayDb db)
    {
        public DbSet<OptInRequest> OptInRequests => db.Set<OptInRequest>();

        public DbSet<LinkToken> LinkTokens => db.Set<LinkToken>();

        public DbSet<HygieneRound> HygieneRounds => db.Set<HygieneRound>();

        public DbSet<Breaker> Breakers => db.Set<Breaker>();
    }
}
