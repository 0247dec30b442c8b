using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>
/// Two lanes for each site whose mails go over connections of its own, one of them for confirmations: one batch is under way in a lane in
/// this process, beside everything else, and meanwhile the worker passes over what else the lane has. Its server may take as long as it
/// likes.
/// </summary>
internal sealed partial class MailLanes(
    IServiceScopeFactory scopes,
    Signal<SendMessages> signal,
    InFlight inFlight,
    TimeProvider clock,
    ILogger<MailLanes> logger
) : BackgroundService
{
    /// <summary>So many lanes are used at once: each has connections of its own.</summary>
    public const int DefaultMax = 128;

    /// <summary>What found no lane free is passed over until one is, or so long.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly Dictionary<Lane, Task> _underWay = [];
    private readonly Dictionary<Lane, DateTimeOffset> _waiting = [];
    private CancellationToken _stopping;

    /// <summary>Fewer in tests.</summary>
    public int Max { get; set; } = DefaultMax;

    /// <summary>
    /// How the lanes of confirmations, or of all others, stand; null while none is closed. The sites in them, and those that wait for one,
    /// are passed over; nobody else is.
    /// </summary>
    public Lanes? LanesOf(bool isConfirmation)
    {
        lock (_lock)
        {
            var late = clock.GetUtcNow() - Patience;
            foreach (var (lane, _) in _waiting.Where(one => one.Value < late).ToList())
            {
                _waiting.Remove(lane);
            }

            List<Guid> closed =
            [
                .. _underWay.Keys.Concat(_waiting.Keys).Where(lane => lane.IsConfirmation == isConfirmation).Select(lane => lane.SiteId),
            ];
            return closed.Count == 0 ? null : Lanes.OfIds(nameof(Message.SiteId), closed, SendMessages.Batch);
        }
    }

    public bool IsOpen(Guid siteId, bool isConfirmation)
    {
        lock (_lock)
        {
            var lane = new Lane(siteId, isConfirmation);
            return !_underWay.ContainsKey(lane) && !_waiting.ContainsKey(lane);
        }
    }

    /// <summary>Begins with the mails of a site, and does not wait for them.</summary>
    /// <param name="rows">Leased to this process; the lane answers for them.</param>
    /// <param name="deadline">What was not begun by then is due again.</param>
    /// <returns>False when the lane was closed meanwhile, or none is free: then the site waits for one.</returns>
    public bool TryStart(Guid siteId, bool isConfirmation, List<Message> rows, DateTimeOffset deadline)
    {
        var lane = new Lane(siteId, isConfirmation);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_underWay.ContainsKey(lane))
            {
                return false;
            }

            if (_underWay.Count >= Max)
            {
                _waiting.TryAdd(lane, clock.GetUtcNow());
                return false;
            }

            _waiting.Remove(lane);
            _underWay[lane] = RunAsync();
        }

        begin.SetResult();
        return true;

        async Task RunAsync()
        {
            using var pass = inFlight.Join();
            await begin.Task;
            try
            {
                await SendAsync(rows, deadline);
            }
            catch (Exception failed)
            {
                // Most likely the database went away. What is left of the rows comes due again.
                LogFailed(siteId, failed);
            }
            finally
            {
                lock (_lock)
                {
                    _underWay.Remove(lane);

                    // As many as there is room for, those that wait longest first.
                    foreach (var (next, _) in _waiting.OrderBy(one => one.Value).Take(Max - _underWay.Count).ToList())
                    {
                        _waiting.Remove(next);
                    }
                }

                signal.Wake();
            }
        }
    }

    /// <summary>
    /// What a server is being told when the program stops is waited for and stored, as long as the host's patience lasts.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] all;
        lock (_lock)
        {
            all = [.. _underWay.Values];
        }

        await Task.WhenAll(all);
    }

    private async Task SendAsync(List<Message> rows, DateTimeOffset deadline)
    {
        await using var scope = scopes.CreateAsyncScope();
        var leases = scope.ServiceProvider.GetRequiredService<Leases>();
        leases.Join(rows);
        try
        {
            await scope.ServiceProvider.GetRequiredService<MailBatch>().RunAsync(rows, SendMessages.AtOnce, deadline, _stopping);
            leases.Settled();
        }
        catch
        {
            leases.Interrupted();
            throw;
        }
        finally
        {
            await leases.SurvivedAsync();
        }
    }

    [LoggerMessage(LogLevel.Error, "A batch of mails of the site {SiteId} failed inside the gateway; they come due again by themselves")]
    private partial void LogFailed(Guid siteId, Exception exception);

    private readonly record struct Lane(Guid SiteId, bool IsConfirmation);
}
