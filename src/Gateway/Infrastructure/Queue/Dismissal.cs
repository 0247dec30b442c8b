using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Gateway.Infrastructure.Queue;

/// <summary>
/// Somebody decided that a failed row needs nothing more. Nothing is deleted: without this row it stands as failed again, and so it does
/// by itself when it was tried again since and failed anew.
/// </summary>
internal sealed class Dismissal
{
    /// <summary>The failed row's id.</summary>
    public Guid Id { get; set; }

    public Guid SiteId { get; set; }

    /// <summary>How often the row had been leased when it was dismissed.</summary>
    public int Attempts { get; set; }

    public DateTime DismissedAt { get; set; }

    /// <summary>The decision that it was dismissed by with others alike, so that just that can be undone; null for one by itself.</summary>
    public Guid? Decision { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Dismissal>
    {
        public void Configure(EntityTypeBuilder<Dismissal> builder) => builder.ToTable("dismissals");
    }
}

/// <summary>What was dismissed, for every room whose rows wait for a decision.</summary>
internal static class DismissedRows
{
    public static IQueryable<Dismissal> Dismissed(this GatewayDb db) => db.Dismissals.AsNoTracking();

    /// <summary>Inside the caller's transaction. A row that was dismissed before, and failed again since, is dismissed anew.</summary>
    public static async Task DismissAsync(this GatewayDb db, List<Dismissal> rows, CancellationToken ct)
    {
        var ids = rows.ConvertAll(row => row.Id);
        await db.RestoreAsync(ids, ct);
        await db.InsertNewAsync(rows, ct);
    }

    /// <returns>How many had been dismissed.</returns>
    public static Task<int> RestoreAsync(this GatewayDb db, IReadOnlyCollection<Guid> ids, CancellationToken ct) =>
        db.Dismissals.Where(one => ids.Contains(one.Id)).ExecuteDeleteAsync(ct);

    /// <summary>Inside the caller's transaction.</summary>
    public static Task<int> NoteDecisionAsync(this GatewayDb db, IReadOnlyCollection<Guid> ids, Guid decision, CancellationToken ct) =>
        db.Dismissals.Where(one => ids.Contains(one.Id)).ExecuteUpdateAsync(set => set.SetProperty(one => one.Decision, decision), ct);

    /// <returns>Those of the rows that were dismissed by this decision.</returns>
    public static Task<List<Guid>> DismissedByAsync(
        this GatewayDb db,
        IReadOnlyCollection<Guid> ids,
        Guid decision,
        CancellationToken ct
    ) => db.Dismissed().Where(one => ids.Contains(one.Id) && one.Decision == decision).Select(one => one.Id).ToListAsync(ct);
}
