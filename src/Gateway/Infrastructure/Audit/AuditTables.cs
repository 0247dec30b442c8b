using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Audit;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class AuditTables
{
    extension(GatewayDb db)
    {
        public DbSet<AuditEntry> Audit => db.Set<AuditEntry>();
    }
}
