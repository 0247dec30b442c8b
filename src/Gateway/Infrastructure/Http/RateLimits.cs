using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.Http;

/// <summary>A bucket for each caller that proved who it is, and one for each address that did not.</summary>
internal static class RateLimits
{
    /// <summary>The policy of endpoints where a secret could be guessed: few tries for each address, beside the limit for all.</summary>
    public const string SignIn = "sign-in";

    public static IServiceCollection AddGatewayRateLimits(this IServiceCollection services)
    {
        services.AddRateLimiter(_ => { });
        services
            .AddOptions<Microsoft.AspNetCore.RateLimiting.RateLimiterOptions>()
            .Configure<IOptions<GatewayOptions>>(
                (limiter, options) =>
                {
                    var limits = options.Value.Limits;
                    limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                    limiter.OnRejected = (context, ct) => RejectAsync(context.HttpContext, context.Lease);
                    limiter.AddPolicy(
                        SignIn,
                        http =>
                            RateLimitPartition.GetTokenBucketLimiter(
                                AddressKey(http.Connection.RemoteIpAddress),
                                _ => Bucket(limits.SignInPerMinute, limits.SignInPerMinute, TimeSpan.FromMinutes(1))
                            )
                    );
                    limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http =>
                        http.User.FindFirstValue(CallerClaims.Caller) is { } caller
                            ? RateLimitPartition.GetTokenBucketLimiter(
                                caller,
                                _ => Bucket(limits.CallerPerSecond, limits.CallerBurst, TimeSpan.FromSeconds(1))
                            )
                        : http.GetEndpoint()?.Metadata.GetMetadata<CalledInBursts>() is not null
                            ? RateLimitPartition.GetTokenBucketLimiter(
                                "provider " + AddressKey(http.Connection.RemoteIpAddress),
                                _ => Bucket(limits.ProviderPerMinute, limits.ProviderPerMinute, TimeSpan.FromMinutes(1))
                            )
                        : RateLimitPartition.GetTokenBucketLimiter(
                            AddressKey(http.Connection.RemoteIpAddress),
                            _ => Bucket(limits.AddressPerMinute, limits.AddressPerMinute, TimeSpan.FromMinutes(1))
                        )
                    );
                }
            );
        return services;
    }

    /// <summary>IPv6 users hold a /64 each, so that is what counts as one address.</summary>
    internal static string AddressKey(IPAddress? address) =>
        address switch
        {
            null => "unknown",
            { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } => Convert.ToHexString(
                address.GetAddressBytes().AsSpan(0, 8)
            ),
            _ => address.ToString(),
        };

    private static TokenBucketRateLimiterOptions Bucket(int tokens, int burst, TimeSpan period) =>
        new()
        {
            TokensPerPeriod = tokens,
            TokenLimit = burst,
            ReplenishmentPeriod = period,
            QueueLimit = 0,
        };

    private static async ValueTask RejectAsync(HttpContext http, RateLimitLease lease)
    {
        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 1;
        http.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await Problems
            .Of(StatusCodes.Status429TooManyRequests, "rate_limited", $"Too many requests. Try again in {wait} seconds.")
            .ExecuteAsync(http);
    }
}

/// <summary>An endpoint that providers call from few addresses, often many times at once.</summary>
internal sealed class CalledInBursts;

/// <summary>The claims every way of signing in agrees on.</summary>
internal static class CallerClaims
{
    /// <summary>Who calls, for limits and the audit: a site's plugin or the client id of an API key.</summary>
    public const string Caller = "caller";

    /// <summary>The public id of the caller's site.</summary>
    public const string Site = "site";

    /// <summary>Scopes, separated by spaces (RFC 9068).</summary>
    public const string Scope = "scope";
}
