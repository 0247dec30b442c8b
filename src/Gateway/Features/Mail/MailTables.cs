using Gateway.Features.Mail.Budgets;
using Gateway.Features.Mail.Dkim;
using Gateway.Features.Mail.MailEvents;
using Gateway.Features.Mail.Rates;
using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Mail;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class MailTables
{
    extension(GatewayDb db)
    {
        public DbSet<Message> Messages => db.Set<Message>();

        public DbSet<MailboxMessage> MailboxMessages => db.Set<MailboxMessage>();

        public DbSet<MailEvent> MailEvents => db.Set<MailEvent>();

        public DbSet<MailEventSource> MailEventSources => db.Set<MailEventSource>();

        public DbSet<MailRate> MailRates => db.Set<MailRate>();

        public DbSet<RateAlarm> RateAlarms => db.Set<RateAlarm>();

        public DbSet<DkimKey> DkimKeys => db.Set<DkimKey>();

        public DbSet<DomainTestMail> DomainTestMails => db.Set<DomainTestMail>();

        public DbSet<MailSpending> MailSpending => db.Set<MailSpending>();
    }
}
