using Gateway.Features.Sms.Receipts;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Sms;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class SmsTables
{
    extension(GatewayDb db)
    {
        public DbSet<SmsMessage> Sms => db.Set<SmsMessage>();

        public DbSet<SmsSpending> SmsSpending => db.Set<SmsSpending>();

        public DbSet<SmsPace> SmsPace => db.Set<SmsPace>();

        public DbSet<SmsRules> SmsRules => db.Set<SmsRules>();

        public DbSet<InboundEvent> InboundEvents => db.Set<InboundEvent>();
    }
}
