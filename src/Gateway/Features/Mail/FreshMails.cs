using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Mail;

/// <summary>
/// Mails that this process has just written, and sends itself: they are leased to it in the transaction that stores them, so that nobody
/// has to find, lease and read them once more. They are few, and none waits for long: what does not leave within moments is due again for
/// whoever comes first, and so is all that is left when the program ends in order. When it ends otherwise, they are like all that it held.
/// </summary>
internal sealed class FreshMails(QueueWorkerSignals signals, MailTransports transports, IServiceScopeFactory scopes, TimeProvider clock)
    : BackgroundService
{
    /// <summary>What two batches take; with so many the worker has enough to do.</summary>
    private const int Room = 2 * SendMessages.Batch;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<(Message Message, DateTimeOffset At)> _waiting = [];
    private readonly List<Message> _late = [];
    private bool _isClosed;

    /// <summary>How many mails that are written now may leave this way; others wait in the table.</summary>
    public int Free
    {
        get
        {
            lock (_lock)
            {
                return _isClosed || !signals.Of(typeof(SendMessages)).IsRunning ? 0 : Math.Max(0, Room - _waiting.Count - _late.Count);
            }
        }
    }

    /// <summary>How long they are ours: until their batch begins, and as long as that may take.</summary>
    public TimeSpan Lease => Patience + SendMessages.LeaseOf(transports);

    /// <param name="messages">Stored by now, and leased to this process for <see cref="Lease"/>.</param>
    public void Add(IEnumerable<Message> messages)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            foreach (var message in messages)
            {
                _waiting.Enqueue((message, now));
            }
        }
    }

    /// <param name="isOpen">Whether mails of a site may be begun now; those of others go on waiting. Null takes anybody's.</param>
    /// <returns>Those that have waited longest, but none whose lease could end while it is sent.</returns>
    public List<Message> Take(int max, Func<Guid, bool>? isOpen = null)
    {
        var taken = new List<Message>();
        lock (_lock)
        {
            PassOverLate();
            for (var left = _waiting.Count; left > 0; left--)
            {
                var next = _waiting.Dequeue();
                if (taken.Count < max && isOpen?.Invoke(next.Message.SiteId) != false)
                {
                    taken.Add(next.Message);
                }
                else
                {
                    _waiting.Enqueue(next);
                }
            }
        }

        return taken;
    }

    /// <summary>What has waited too long is due again for whoever comes first.</summary>
    public async Task ReturnLateAsync()
    {
        List<Message> late;
        lock (_lock)
        {
            PassOverLate();
            late = [.. _late];
            _late.Clear();
        }

        if (late.Count > 0)
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<Leases>().ReturnAsync(late);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        lock (_lock)
        {
            _isClosed = true;
            _late.AddRange(_waiting.Select(one => one.Message));
            _waiting.Clear();
        }

        await ReturnLateAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pace, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await ReturnLateAsync();
        }
    }

    private void PassOverLate()
    {
        while (_waiting.TryPeek(out var next) && clock.GetUtcNow() - next.At >= Patience)
        {
            _late.Add(_waiting.Dequeue().Message);
        }
    }
}
