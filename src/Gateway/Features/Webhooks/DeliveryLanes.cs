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
    /// <summary>With so many under way a host's lane is closed; the batch that closes it may bring as many again.</summary>
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
    private readonly Lock _lock = new();
    private readonly Dictionary<Delivery, Task> _underWay = [];
    private readonly Dictionary<string, int> _byHost = [];
    private CancellationToken _stopping;

    public int Room
    {
        get
        {
            lock (_lock)
            {
                return Math.Max(0, MaxInAll - _underWay.Count);
            }
        }
    }

    /// <summary>How the lanes stand.</summary>
    public Lanes Lanes
    {
        get
        {
            lock (_lock)
            {
                return new(nameof(Delivery.Host), [.. _byHost.Where(lane => lane.Value >= MaxOfOne).Select(lane => lane.Key)], MaxOfOne);
            }
        }
    }

    /// <summary>Begins the work once it is the delivery's turn, and does not wait for it.</summary>
    /// <param name="work">Throws nothing. Its token says that the program stops, so that what has not begun should not begin.</param>
    public void Start(Delivery delivery, Func<CancellationToken, Task> work)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var pass = inFlight.Join();
        lock (_lock)
        {
            _underWay[delivery] = RunAsync();
            _byHost[delivery.Host] = _byHost.GetValueOrDefault(delivery.Host) + 1;
        }

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
        Task[] all;
        lock (_lock)
        {
            all = [.. _underWay.Values];
        }

        await Task.WhenAll(all);
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
        lock (_lock)
        {
            var ofHost = _byHost[delivery.Host];
            opens = _underWay.Count == MaxInAll || ofHost == MaxOfOne;
            _underWay.Remove(delivery);
            if (ofHost == 1)
            {
                _byHost.Remove(delivery.Host);
            }
            else
            {
                _byHost[delivery.Host] = ofHost - 1;
            }
        }

        if (opens)
        {
            signal.Wake();
        }
    }
}
