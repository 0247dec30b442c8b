using System.Data.Common;

namespace Gateway.Infrastructure.Data;

internal static class DatabaseErrors
{
    /// <summary>Whether the database is away, busy, or gave this up for another: the same may go well a little later.</summary>
    public static bool IsTransient(this Exception failed) =>
        failed is DbException { IsTransient: true } || (failed.InnerException is { } inner && inner.IsTransient());
}
