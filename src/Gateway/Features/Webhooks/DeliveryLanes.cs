using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Webhooks;

/// <summary>
/// The deliveries under way in this process, a lane for each host. A host that is slow or dead fills its own lane, and the worker passes
/// over it until
/// there is room again; others never wait for it.
/// </summary>
internal sealed class DeliveryLanes(Signal<SendDeliveries> signal, InFlight inFlight) : BackgroundService
{
    /// <summary>With so many under way a host's lane is closed; the batch that closes it may bring it above.</summary>
    private const int MaxOfOne = 8;

    /// <summary>
    /// With so many under way every lane is closed. The hooks of one site hardly fill it, should each lead to a dead host of its own.
    /// </summary>
    private const int MaxInAll = (HookStore.MaxPerSite * MaxOfOne) + 512;

    /// <summary>The pace for one host, in each process. Hosted automation services take 30 requests a second.</summary>
    private static readonly SlidingWindowRateLimiterOptions Pace = new()
    {
        PermitLimit = 30,
        Window = TimeSpan.FromSeconds(1),
        SegmentsPerWindow = 4,
        QueueLimit = MaxInAll,
        AutoReplenishment = false,
    };

    private readonly PartitionedRateLimiter<string> _pace = PartitionedRateLimiter.Create<string, string>(host =>
        RateLimitPartition.GetSlidingWindowLimiter(host, _ => Pace)
    );
    private readonly ConcurrentDictionary<Delivery, Task> _underWay = new();
    private readonly Lock _leaving = new();
    private CancellationToken _stopping;

    public int Room => Math.Max(0, MaxInAll - _underWay.Count);

    public ClosedLanes Closed =>
        new(
            nameof(Delivery.Host),
            [.. _underWay.Keys.CountBy(one => one.Host).Where(lane => lane.Value >= MaxOfOne).Select(lane => lane.Key)]
        );

    /// <summary>Begins the work once it is the delivery's turn, and does not wait for it.</summary>
    /// <param name="work">Throws nothing. Its token says that the program stops, so that what has not begun should not begin.</param>
    public void Start(Delivery delivery, Func<CancellationToken, Task> work)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pass = inFlight.Join();
        _underWay[delivery] = RunAsync();
        begin.SetResult();

        async Task RunAsync()
        {
            await begin.Task;
            try
            {
                using var turn = await TurnAsync(delivery.Host);
                await work(_stopping);
            }
            finally
            {
                pass.Dispose();
                Leave(delivery);
            }
        }
    }

    public override void Dispose()
    {
        _pace.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// What a receiver is being told when the program stops is waited for and stored, as long as the host's patience lasts.
    /// </summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        await Task.Delay(Timeout.Infinite, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_underWay.Values);
    }

    /// <returns>Null when the program stops before it comes.</returns>
    private async Task<RateLimitLease?> TurnAsync(string host)
    {
        try
        {
            return await _pace.AcquireAsync(host, 1, _stopping);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Leave(Delivery delivery)
    {
        bool opens;
        lock (_leaving)
        {
            opens = _underWay.Count == MaxInAll || _underWay.Keys.Count(one => one.Host == delivery.Host) == MaxOfOne;
            _underWay.TryRemove(delivery, out _);
        }

        if (opens)
        {
            signal.Wake();
        }
    }
}
