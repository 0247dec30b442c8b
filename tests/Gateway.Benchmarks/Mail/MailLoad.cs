using System.Collections.Concurrent;
using System.Diagnostics;
using Gateway.Benchmarks.Load;

namespace Gateway.Benchmarks.Mail;

/// <summary>Submissions that each ask for one mail to an address that was never used before.</summary>
internal sealed class MailLoad(Target target, int connections = 16)
{
    private int _visitors;

    /// <returns>When each visitor's submission was acknowledged, on the clock that all processes of a machine share.</returns>
    /// <param name="perSecond">How many a second at the most; null means as fast as they are taken.</param>
    public async Task<IReadOnlyDictionary<int, long>> SubmitAsync(int count, int? perSecond, CancellationToken ct)
    {
        var acknowledged = new ConcurrentDictionary<int, long>();
        var last = _visitors + count;
        await Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(async number =>
                {
                    using var connection = new LoadConnection(target);
                    await connection.ConnectAsync(ct);
                    if (perSecond is { } evenly)
                    {
                        // One mail after the other, not one of each connection at the same moment.
                        await Task.Delay(TimeSpan.FromSeconds((double)number / evenly), ct);
                    }

                    using var pace = perSecond is { } rate ? new PeriodicTimer(TimeSpan.FromSeconds((double)connections / rate)) : null;
                    while (
                        (pace is null || await pace.WaitForNextTickAsync(ct))
                        && Interlocked.Increment(ref _visitors) is var visitor
                        && visitor <= last
                    )
                    {
                        await connection.SubmitAsync(visitor, ct);
                        acknowledged[visitor] = Stopwatch.GetTimestamp();
                    }
                })
        );
        _visitors = last;
        return acknowledged;
    }
}
