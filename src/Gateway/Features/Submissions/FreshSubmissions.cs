using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Submissions;

/// <summary>
/// Submissions that this process has just stored, and works on itself, so that nobody has to find, lease and read them once more. They are
/// few and small, and none is begun after a few seconds. In the table they come due a little later: whatever becomes of this process,
/// somebody finds them there.
/// </summary>
/// <remarks>
/// Nothing is leased. A submission is worked on in one transaction that also ends it, so of two who do it the second changes nothing.
/// </remarks>
internal sealed class FreshSubmissions(QueueWorkerSignals signals, TimeProvider clock)
{
    /// <summary>Until then nobody else looks for them. A process that ends delays them by so much at the most.</summary>
    public static readonly TimeSpan Reserve = TimeSpan.FromSeconds(10);

    /// <summary>The other half is for the batch.</summary>
    private static readonly TimeSpan Patience = Reserve / 2;

    /// <summary>More than the worker gets done in that time need not be kept.</summary>
    private const int Room = 2_000;

    /// <summary>In bytes. Those with longer bodies wait in the table, and not in memory.</summary>
    private const int MaxBody = 8 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Submission> _waiting = [];

    /// <summary>Of submissions that are about to be stored those that this process works on; where it has no worker, none.</summary>
    public List<Submission> Choose(IEnumerable<Submission> rows)
    {
        lock (_lock)
        {
            return signals.Of(typeof(ProcessSubmissions)).IsRunning
                ? [.. rows.Where(row => row.Body.Length <= MaxBody).Take(Room - _waiting.Count)]
                : [];
        }
    }

    /// <param name="rows">Stored by now, and not due before <see cref="Reserve"/> is over.</param>
    public void Add(IEnumerable<Submission> rows)
    {
        lock (_lock)
        {
            foreach (var row in rows)
            {
                _waiting.Enqueue(row);
            }
        }
    }

    /// <returns>Those that have waited longest.</returns>
    public List<Submission> Take(int max)
    {
        var taken = new List<Submission>();

        // Storing them may have taken long: the time counts from when they came in, as that in the table does.
        var oldest = clock.GetUtcNow().UtcDateTime - Patience;
        lock (_lock)
        {
            while (taken.Count < max && _waiting.TryDequeue(out var next))
            {
                if (next.ReceivedAt > oldest)
                {
                    taken.Add(next);
                }
            }
        }

        return taken;
    }
}
