using System.Collections.Concurrent;

namespace Gateway.Features.Templates.Language;

/// <summary>
/// What waits for a thread, by turns of sites: whoever asks for a hundred previews waits for their own, and nobody else does.
/// </summary>
/// <param name="atOnce">So much of one site is worked on at the same time.</param>
/// <param name="perSite">So much of one site may wait.</param>
/// <param name="inAll">And so much of all of them.</param>
internal sealed class TemplateTurns(int atOnce, int perSite, int inAll)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Line> _lines = [];

    /// <summary>A site stands here once while something of it may begin; those that take from it wait for the next.</summary>
    private readonly BlockingCollection<Line> _turns = [];

    private int _waiting;

    /// <returns>False when too much waits already; then the work is not kept.</returns>
    public bool TryAdd(Guid site, ITemplateWork work)
    {
        lock (_lock)
        {
            var line = _lines.TryGetValue(site, out var known) ? known : _lines[site] = new(site);
            if (IsFull(line))
            {
                DropAborted();
                if (IsFull(line))
                {
                    Close(line);
                    return false;
                }
            }

            line.Waiting.Enqueue(work);
            _waiting++;
            Offer(line);
            return true;
        }
    }

    /// <summary>Waits for work and does it; what nobody waits for any more does not begin.</summary>
    public void DoNext()
    {
        var line = _turns.Take();
        ITemplateWork? work;
        lock (_lock)
        {
            line.IsOffered = false;
            if (line.Waiting.TryDequeue(out work))
            {
                _waiting--;
                line.Running++;
                Offer(line);
            }

            Close(line);
        }

        if (work is null)
        {
            return;
        }

        work.Run();
        lock (_lock)
        {
            line.Running--;
            Offer(line);
            Close(line);
        }
    }

    private bool IsFull(Line line) => line.Waiting.Count >= perSite || _waiting >= inAll;

    private void Offer(Line line)
    {
        if (!line.IsOffered && line.Running < atOnce && line.Waiting.Count > 0)
        {
            line.IsOffered = true;
            _turns.Add(line);
        }
    }

    /// <summary>Whoever hung up takes nobody's place.</summary>
    private void DropAborted()
    {
        foreach (var line in _lines.Values)
        {
            var before = line.Waiting.Count;
            var wanted = line.Waiting.Where(work => !work.DropIfAborted()).ToList();
            line.Waiting.Clear();
            wanted.ForEach(line.Waiting.Enqueue);
            _waiting -= before - wanted.Count;
        }
    }

    private void Close(Line line)
    {
        if (line is { IsOffered: false, Running: 0, Waiting.Count: 0 })
        {
            _lines.Remove(line.Site);
        }
    }

    private sealed class Line(Guid site)
    {
        public Guid Site => site;

        public Queue<ITemplateWork> Waiting { get; } = [];

        public int Running { get; set; }

        public bool IsOffered { get; set; }
    }
}

/// <summary>Something to do with somebody's template.</summary>
internal interface ITemplateWork
{
    /// <summary>Does it, unless nobody waits for it any more; throws nothing.</summary>
    void Run();

    /// <returns>Whether nobody waits for it any more; then it is over.</returns>
    bool DropIfAborted();
}
