using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// Limits those who guess, and nobody else: only what failed counts, by what was tried and from where. Many people share an address, and
/// whoever has the right secret is let in whatever the others try.
/// </summary>
internal sealed class FailedTries : IDisposable
{
    /// <summary>What was tried is often the caller's own invention.</summary>
    private const int LongestName = 100;

    private readonly PartitionedRateLimiter<(string Tried, string From)> _limiter;

    public FailedTries(IOptions<GatewayOptions> options)
    {
        var limits = options.Value.Limits;
        _limiter = PartitionedRateLimiter.CreateChained(
            // First, so that an address cannot fill the memory with names that it made up.
            PartitionedRateLimiter.Create<(string Tried, string From), string>(one =>
                RateLimitPartition.GetTokenBucketLimiter(
                    one.From,
                    _ => RateLimits.Bucket(limits.AddressPerMinute, limits.AddressPerMinute, TimeSpan.FromMinutes(1))
                )
            ),
            PartitionedRateLimiter.Create<(string Tried, string From), (string, string)>(one =>
                RateLimitPartition.GetTokenBucketLimiter(
                    one,
                    _ => RateLimits.Bucket(limits.FailuresPerMinute, limits.FailuresPerMinute, TimeSpan.FromMinutes(1))
                )
            )
        );
    }

    /// <summary>Counts a try that failed.</summary>
    /// <param name="tried">What was tried, such as a client id; not the secret.</param>
    /// <returns>The 429 to answer in place of the refusal; null while there were not too many.</returns>
    public ProblemHttpResult? Count(HttpContext http, string tried)
    {
        using var lease = _limiter.AttemptAcquire(
            (tried.Length <= LongestName ? tried : tried[..LongestName], RateLimits.AddressKey(http.Connection.RemoteIpAddress))
        );
        return lease.IsAcquired ? null : RateLimits.Refusal(http, lease);
    }

    public void Dispose() => _limiter.Dispose();
}
