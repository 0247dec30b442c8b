using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class WebhooksTables
{
    extension(GatewayDb db)
    {
        public DbSet<Event> Events => db.Set<Event>();

        public DbSet<Hook> Hooks => db.Set<Hook>();

        public DbSet<Delivery> Deliveries => db.Set<Delivery>();
    }
}
