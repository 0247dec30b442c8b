using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Connections;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class ConnectionsTables
{
    extension(GatewayDb db)
    {
        public DbSet<Connection> Connections => db.Set<Connection>();
    }
}
