using System.Diagnostics;
using System.Numerics;

namespace Gateway.Benchmarks.Load;

/// <summary>Counts durations in buckets of 3 % width, so that a percentile costs no memory however many there are.</summary>
internal sealed class LatencyHistogram
{
    private const int StepsPerDoubling = 32;
    private readonly long[] _buckets = new long[64 * StepsPerDoubling];
    private long _count;

    public long Count => Volatile.Read(ref _count);

    public void Add(long stopwatchTicks)
    {
        Interlocked.Increment(ref _buckets[BucketOf(Math.Max(1, stopwatchTicks))]);
        Interlocked.Increment(ref _count);
    }

    /// <returns>Milliseconds that the given share of the durations does not exceed; 0 when there were none.</returns>
    public double Percentile(double share)
    {
        var left = (long)Math.Ceiling(_count * share);
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            left -= _buckets[bucket];
            if (left <= 0 && _buckets[bucket] > 0)
            {
                return UpperBound(bucket) * 1000.0 / Stopwatch.Frequency;
            }
        }

        return 0;
    }

    private static int BucketOf(long ticks)
    {
        var doublings = BitOperations.Log2((ulong)ticks);
        var within =
            doublings >= 5 ? (int)(ticks >> (doublings - 5)) - StepsPerDoubling : (int)(ticks << (5 - doublings)) - StepsPerDoubling;
        return (doublings * StepsPerDoubling) + within;
    }

    private static double UpperBound(int bucket) =>
        Math.Pow(2, bucket / StepsPerDoubling) * (1 + ((bucket % StepsPerDoubling) + 1.0) / StepsPerDoubling);
}
