using Gateway.Features.Admin;
using Gateway.Features.Contacts;
using Gateway.Features.Hooks;
using Gateway.Features.Lists;
using Gateway.Features.Mail;
using Gateway.Features.Operations;
using Gateway.Features.OptIn;
using Gateway.Features.Sites;
using Gateway.Features.Sms;
using Gateway.Features.Submissions;
using Gateway.Features.Templates;
using Gateway.Features.Templates.Findings;
using Gateway.Features.Templates.Segments;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// Every table of the gateway. The context is the repository: features query it directly and write inside <see cref="WriteAsync{T}"/>.
/// It is the one place of the infrastructure that names features.
/// </summary>
internal abstract class GatewayDb(DbContextOptions options, WriteGate gate) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<Site> Sites => Set<Site>();
    public DbSet<Credential> Credentials => Set<Credential>();
    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();
    public DbSet<Submission> Submissions => Set<Submission>();
    public DbSet<Contact> Contacts => Set<Contact>();
    public DbSet<Suppression> Suppressions => Set<Suppression>();
    public DbSet<Consent> Consents => Set<Consent>();
    public DbSet<LedgerHead> LedgerHeads => Set<LedgerHead>();
    public DbSet<ContactList> Lists => Set<ContactList>();
    public DbSet<Subscription> Subscriptions => Set<Subscription>();
    public DbSet<ListSync> ListSyncs => Set<ListSync>();
    public DbSet<OptInRequest> OptInRequests => Set<OptInRequest>();
    public DbSet<LinkToken> LinkTokens => Set<LinkToken>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<Template> Templates => Set<Template>();
    public DbSet<TemplateVersion> TemplateVersions => Set<TemplateVersion>();
    public DbSet<TemplateSample> TemplateSamples => Set<TemplateSample>();
    public DbSet<TemplateMute> TemplateMutes => Set<TemplateMute>();
    public DbSet<Segment> Segments => Set<Segment>();
    public DbSet<MailboxMessage> MailboxMessages => Set<MailboxMessage>();
    public DbSet<SmsMessage> Sms => Set<SmsMessage>();
    public DbSet<SmsSpending> SmsSpending => Set<SmsSpending>();
    public DbSet<SmsPace> SmsPace => Set<SmsPace>();
    public DbSet<SmsAccount> SmsAccounts => Set<SmsAccount>();
    public DbSet<SmsRules> SmsRules => Set<SmsRules>();
    public DbSet<Event> Events => Set<Event>();
    public DbSet<Hook> Hooks => Set<Hook>();
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<InboundEvent> InboundEvents => Set<InboundEvent>();
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    public DbSet<AdminLink> AdminLinks => Set<AdminLink>();
    public DbSet<AdminSession> AdminSessions => Set<AdminSession>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    private readonly List<Action> _onCommitted = [];

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction: behind the write gate on SQLite, and again from the start after a deadlock on PostgreSQL.
    /// The work therefore loads what it needs itself and has no effect outside the database.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var pass = await gate.EnterAsync(ct);
                await using var transaction = await Database.BeginTransactionAsync(ct);
                var result = await work();
                await transaction.CommitAsync(ct);
                _onCommitted.ForEach(then => then());
                return result;
            }
            catch (Exception lost) when (attempt < 5 && IsConflict(lost))
            {
                ChangeTracker.Clear();
            }
            finally
            {
                _onCommitted.Clear();
            }
        }
    }

    /// <summary>What the work in hand leads to outside the database, such as a nudge: it happens once the commit is done, or not at all.</summary>
    public void OnCommitted(Action then) => _onCommitted.Add(then);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<Task> work, CancellationToken ct) => WriteAsync(
        async () =>
        {
            await work();
            return true;
        },
        ct);

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        Database.CurrentTransaction is null
            ? throw new InvalidOperationException("Write inside GatewayDb.WriteAsync: it keeps the order of writers and repeats after a deadlock.")
            : base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);

    /// <summary>Whether the database gave up this transaction so that another could go on (deadlock, serialization).</summary>
    protected abstract bool IsConflict(Exception exception);

    /// <summary>How many parameters a statement about many rows should have at the most.</summary>
    public abstract int MostParameters { get; }

    /// <summary>Appended to the lease's inner select: PostgreSQL passes over rows that another worker is taking at this moment.</summary>
    public abstract string SkipLocked { get; }

    /// <returns>SQL for the day (UTC) of a time, read as a <see cref="DateOnly"/>. It is worked out for every row that is counted, so it is the cheapest there is.</returns>
    public abstract string DayOf(string column);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTime>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GatewayDb).Assembly);

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if ((Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType) is { IsEnum: true } type)
            {
                property.SetValueConverter((Microsoft.EntityFrameworkCore.Storage.ValueConversion.ValueConverter)
                    Activator.CreateInstance(typeof(LowerCaseEnum<>).MakeGenericType(type))!);
            }
        }
    }
}
