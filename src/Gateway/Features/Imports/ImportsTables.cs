using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Imports;

/// <summary>The tables of this feature. Only this folder reads and writes them; others ask its public types.</summary>
internal static class ImportsTables
{
    extension(GatewayDb db)
    {
        public DbSet<Import> Imports => db.Set<Import>();

        public DbSet<ImportPiece> ImportPieces => db.Set<ImportPiece>();

        public DbSet<ImportedSubscription> ImportedSubscriptions => db.Set<ImportedSubscription>();

        public DbSet<RefusedRow> RefusedRows => db.Set<RefusedRow>();
    }
}
