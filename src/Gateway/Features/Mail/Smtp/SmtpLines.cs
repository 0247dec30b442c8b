namespace Gateway.Features.Mail.Smtp;

/// <summary>
/// How many connections may be open at the same time: as many as the settings say, or fewer for a while where the server turns further
/// ones away (421). A mail for which there is none waits for one that is in use.
/// </summary>
internal sealed class SmtpLines(int max, TimeProvider clock) : IDisposable
{
    /// <summary>After this time the server is tried again with as many as the settings say.</summary>
    private static readonly TimeSpan TriesAgainAfter = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _free = new(max);
    private readonly Lock _lock = new();
    private int _taken;
    private int _withheld;
    private DateTimeOffset _withheldSince;

    /// <summary>Whether others than the one who asks have a line at the moment.</summary>
    public bool OthersAreInUse
    {
        get
        {
            lock (_lock)
            {
                return _taken > 1;
            }
        }
    }

    /// <returns>False when none became free in time.</returns>
    public async Task<bool> TakeAsync(TimeSpan patience, CancellationToken ct)
    {
        GiveBackWithheld();
        if (!await _free.WaitAsync(patience, ct))
        {
            return false;
        }

        lock (_lock)
        {
            _taken++;
        }

        return true;
    }

    public void GiveBack()
    {
        lock (_lock)
        {
            _taken--;
        }

        _free.Release();
    }

    /// <summary>The server takes no more than those that others have: the place of whoever says so is closed for a while.</summary>
    public void Withhold()
    {
        lock (_lock)
        {
            _taken--;
            _withheld++;
            _withheldSince = clock.GetUtcNow();
        }
    }

    public void Dispose() => _free.Dispose();

    private void GiveBackWithheld()
    {
        int open;
        lock (_lock)
        {
            open = clock.GetUtcNow() - _withheldSince > TriesAgainAfter ? _withheld : 0;
            _withheld -= open;
        }

        if (open > 0)
        {
            _free.Release(open);
        }
    }
}
