using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Infrastructure.Queue;

/// <summary>A process that works on queues and says so every few seconds; one that ended in order is not here any more.</summary>
internal sealed class WorkerProcess
{
    /// <summary>Made at the start of the process; its leases name it (<see cref="ILeased.LeasedBy"/>).</summary>
    public Guid Id { get; set; }

    /// <summary>When it was last alive, by the database's clock, UTC.</summary>
    public DateTime SeenAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkerProcess>
    {
        public void Configure(EntityTypeBuilder<WorkerProcess> builder) => builder.ToTable("worker_processes");
    }
}

/// <summary>Who this process is.</summary>
internal sealed class ThisProcess
{
    private volatile bool _isKnown;

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>Before its first lease, in that transaction: what nobody has said to live cannot be missed.</summary>
    public Task IntroduceAsync(GatewayDb db, CancellationToken ct) => _isKnown ? Task.CompletedTask : LiveAsync(db, ct);

    /// <summary>Says that it lives, inside the caller's transaction. On SQLite nobody asks.</summary>
    public async Task LiveAsync(GatewayDb db, CancellationToken ct)
    {
        if (db.Database.IsSqlite())
        {
            return;
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            insert into worker_processes (id, seen_at) values ({Id}, clock_timestamp())
            on conflict (id) do update set seen_at = clock_timestamp()
            """,
            ct
        );
        db.OnCommitted(() => _isKnown = true);
    }
}
