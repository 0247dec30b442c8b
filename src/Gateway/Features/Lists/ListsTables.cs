using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class ListsTables
{
    extension(GatewayDb db)
    {
        public DbSet<ListSync> ListSyncs => db.Set<ListSync>();
    }
}
