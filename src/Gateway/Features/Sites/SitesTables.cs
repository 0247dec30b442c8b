using Gateway.Features.Sites.Connecting;
using Gateway.Features.Sites.Findings;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sites;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class SitesTables
{
    extension(GatewayDb db)
    {
        public DbSet<Site> Sites => db.Set<Site>();

        public DbSet<Credential> Credentials => db.Set<Credential>();

        public DbSet<ConnectCode> ConnectCodes => db.Set<ConnectCode>();

        public DbSet<SigningKey> SigningKeys => db.Set<SigningKey>();

        public DbSet<SiteFinding> SiteFindings => db.Set<SiteFinding>();
    }
}
