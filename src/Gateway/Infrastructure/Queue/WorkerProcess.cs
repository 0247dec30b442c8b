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
    public Guid Id { get; } = Guid.CreateVersion7();
}
