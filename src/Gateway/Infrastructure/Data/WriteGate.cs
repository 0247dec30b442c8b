namespace Gateway.Infrastructure.Data;

/// <summary>
/// Lets one writer at a time into a SQLite database, in the order they came.
/// Without it a writer beside one that commits back to back waits for seconds: SQLite's own lock is not fair.
/// PostgreSQL needs no gate; there it is always open.
/// </summary>
internal sealed class WriteGate(bool closes) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);

    public async ValueTask<Pass> EnterAsync(CancellationToken ct)
    {
        if (!closes)
        {
            return default;
        }

        await _one.WaitAsync(ct);
        return new Pass(_one);
    }

    public void Dispose() => _one.Dispose();

    internal readonly struct Pass(SemaphoreSlim? gate) : IDisposable
    {
        public void Dispose() => gate?.Release();
    }
}
