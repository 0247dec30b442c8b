using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Connections;

/// <summary>The table of this folder. Others ask <see cref="Outages"/>.</summary>
internal static class OutageTables
{
    extension(GatewayDb db)
    {
        public DbSet<Outage> Outages => db.Set<Outage>();
    }
}
