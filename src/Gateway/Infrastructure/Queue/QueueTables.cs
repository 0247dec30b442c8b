using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Queue;

/// <summary>The tables of this folder. Others ask <see cref="FailedItems"/>.</summary>
internal static class QueueTables
{
    extension(GatewayDb db)
    {
        public DbSet<BulkDecision> BulkDecisions => db.Set<BulkDecision>();

        public DbSet<Dismissal> Dismissals => db.Set<Dismissal>();

        public DbSet<WorkerProcess> WorkerProcesses => db.Set<WorkerProcess>();
    }
}
