using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Console.SignIn;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class SignInTables
{
    extension(GatewayDb db)
    {
        public DbSet<AdminLink> AdminLinks => db.Set<AdminLink>();

        public DbSet<AdminPerson> AdminPeople => db.Set<AdminPerson>();

        public DbSet<AdminPasskey> AdminPasskeys => db.Set<AdminPasskey>();

        public DbSet<PasskeyChallenge> PasskeyChallenges => db.Set<PasskeyChallenge>();

        public DbSet<AdminSession> AdminSessions => db.Set<AdminSession>();
    }
}
