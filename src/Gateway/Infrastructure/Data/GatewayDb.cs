using System.Data.Common;
using Gateway.Infrastructure.Queue;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Data;

/// <summary>
/// The database. A feature maps its own tables (<c>IEntityTypeConfiguration</c>), names them in its <c>…Tables</c> class, queries them
/// directly and writes inside
/// <see cref="WriteAsync{T}"/>.
/// </summary>
internal abstract class GatewayDb(DbContextOptions options, WriteGate gate) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    private readonly List<Action> _onCommitted = [];
    private readonly List<Action> _onUndone = [];

    /// <summary>
    /// Runs <paramref name="work"/> in one transaction: behind the write gate on SQLite, and again from the start after a deadlock on
    /// PostgreSQL.
    /// The work therefore loads what it needs itself and has no effect outside the database. Inside a transaction that is under way it is a
    /// part of it.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<Task<T>> work, CancellationToken ct)
    {
        if (Database.CurrentTransaction is not null)
        {
            return await work();
        }

        for (var attempt = 1; ; attempt++)
        {
            var isCommitted = false;
            try
            {
                using var pass = await gate.EnterAsync(ct);
                await using var transaction = await Database.BeginTransactionAsync(ct);
                var result = await work();
                await transaction.CommitAsync(ct);
                isCommitted = true;
                _onCommitted.ForEach(then => then());
                return result;
            }
            catch (Exception lost) when (attempt < 5 && IsConflict(lost))
            {
                ChangeTracker.Clear();
            }
            finally
            {
                if (!isCommitted)
                {
                    _onUndone.ForEach(then => then());
                }

                _onCommitted.Clear();
                _onUndone.Clear();
            }
        }
    }

    /// <summary>
    /// What the work in hand leads to outside the database, such as a signal: it happens once the commit is done, or not at all.
    /// </summary>
    public void OnCommitted(Action then) => _onCommitted.Add(then);

    /// <summary>
    /// For what is counted in memory before the commit: it happens when nothing was committed, or nobody knows, also before the work is
    /// done again.
    /// </summary>
    public void OnUndone(Action then) => _onUndone.Add(then);

    /// <inheritdoc cref="WriteAsync{T}"/>
    public Task WriteAsync(Func<Task> work, CancellationToken ct) =>
        WriteAsync(
            async () =>
            {
                await work();
                return true;
            },
            ct
        );

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default) =>
        Database.CurrentTransaction is null
            ? throw new InvalidOperationException(
                "Write inside GatewayDb.WriteAsync: it keeps the order of writers and repeats after a deadlock."
            )
            : base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);

    /// <summary>Whether the database gave up this transaction so that another could go on (deadlock, serialization).</summary>
    protected abstract bool IsConflict(Exception exception);

    /// <summary>Appended to the lease's inner select: PostgreSQL passes over rows that another worker is taking at this moment.</summary>
    public abstract string SkipLocked { get; }

    /// <returns>SQL that says that a column is none of many texts: the same for one of them and for hundreds, so that it is planned
    /// once.</returns>
    /// <param name="texts">The name of a parameter made by <see cref="Texts"/>.</param>
    public abstract string NoneOf(string column, string texts);

    /// <summary>A parameter that holds many texts.</summary>
    public abstract DbParameter Texts(string name, IReadOnlyCollection<string> texts);

    /// <returns>SQL for the day (UTC) of a time, read as a <see cref="DateOnly"/>. It is worked out for every row that is counted, so it is
    /// the cheapest there is.</returns>
    public abstract string DayOf(string column);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcTime>();

        // Said before EF sees the first of them: else it would prepare to store each as a number, at every start.
        foreach (var type in typeof(GatewayDb).Assembly.GetTypes().Where(type => type.IsEnum))
        {
            configurationBuilder.Properties(type).HaveConversion(typeof(LowerCaseEnum<>).MakeGenericType(type));
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(GatewayDb).Assembly);
        foreach (var table in modelBuilder.Model.GetEntityTypes().Where(entity => entity.ClrType.IsAssignableTo(typeof(ILeased))))
        {
            // What a process holds, or held when it ended: few rows, looked for again and again beside millions that wait.
            var name = $"ix_{table.GetTableName()}_leased";
            modelBuilder
                .Entity(table.ClrType)
                .HasIndex([nameof(ILeased.DueAt)], name)
                .HasDatabaseName(name)
                .HasFilter("due_at = leased_until");
        }
    }
}
