using Gateway.Features.Contacts.Hygiene;
using Gateway.Features.Contacts.Purposes;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class ContactsTables
{
    extension(GatewayDb db)
    {
        public DbSet<Contact> Contacts => db.Set<Contact>();

        public DbSet<ContactList> Lists => db.Set<ContactList>();

        public DbSet<Purpose> Purposes => db.Set<Purpose>();

        public DbSet<Subscription> Subscriptions => db.Set<Subscription>();

        public DbSet<SoftBounceRun> SoftBounceRuns => db.Set<SoftBounceRun>();

        public DbSet<Repermission> Repermissions => db.Set<Repermission>();

        public DbSet<Suppression> Suppressions => db.Set<Suppression>();

        public DbSet<Consent> Consents => db.Set<Consent>();

        public DbSet<LedgerHead> LedgerHeads => db.Set<LedgerHead>();
    }
}
