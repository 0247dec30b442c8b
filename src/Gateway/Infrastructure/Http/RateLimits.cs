using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Gateway.Infrastructure.Http;

/// <summary>
/// A bucket for each caller that proved who it is, and one for each address and kind of request that did not. What guesses at a secret is
/// limited by <see cref="FailedTries"/>.
/// </summary>
internal static class RateLimits
{
    /// <summary>The policy of ways to sign in that begin here: few tries for each address, beside the limit for all.</summary>
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
                    limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(http => Partition(http, limits));
                }
            );
        services.AddSingleton<FailedTries>();
        return services;
    }

    /// <summary>
    /// One bucket for each caller, whatever address it calls from; else one for each address and kind of request, so that what one of those
    /// behind an address does wrong in one way does not keep the others from anything else.
    /// </summary>
    private static RateLimitPartition<string> Partition(HttpContext http, GatewayOptions.LimitOptions limits)
    {
        if (http.User.FindFirstValue(CallerClaims.Caller) is { } caller)
        {
            return RateLimitPartition.GetTokenBucketLimiter(
                caller,
                _ => Bucket(limits.CallerPerSecond, limits.CallerBurst, TimeSpan.FromSeconds(1))
            );
        }

        // Below /v1 somebody without a caller's claim failed to prove who it is.
        var (kind, perMinute) =
            http.GetEndpoint()?.Metadata.GetMetadata<LimitedAs>() is { } own ? (own.Kind, own.PerMinute(limits))
            : http.Request.Path.StartsWithSegments("/v1") ? ("refused", limits.AddressPerMinute)
            : ("page", limits.AddressPerMinute);
        return RateLimitPartition.GetTokenBucketLimiter(
            $"{kind} {AddressKey(http.Connection.RemoteIpAddress)}",
            _ => Bucket(perMinute, perMinute, TimeSpan.FromMinutes(1))
        );
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

    internal static TokenBucketRateLimiterOptions Bucket(int tokens, int burst, TimeSpan period) =>
        new()
        {
            TokensPerPeriod = tokens,
            TokenLimit = burst,
            ReplenishmentPeriod = period,
            QueueLimit = 0,
        };

    private static ValueTask RejectAsync(HttpContext http, RateLimitLease lease)
    {
        var problem = Refusal(http, lease);
        return http
            .RequestServices.GetRequiredService<IProblemDetailsService>()
            .WriteAsync(new() { HttpContext = http, ProblemDetails = problem.ProblemDetails });
    }

    /// <summary>The answer to a request that is one too many, with the header that says when to come again.</summary>
    internal static ProblemHttpResult Refusal(HttpContext http, RateLimitLease lease)
    {
        var wait = Seconds(lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.Zero);
        http.Response.Headers.RetryAfter = wait;
        return Problems.Of(StatusCodes.Status429TooManyRequests, "rate_limited", $"Too many requests. Try again in {wait} seconds.");
    }

    /// <returns>As the header Retry-After has it (RFC 9110, section 10.2.3): whole seconds, at least one.</returns>
    internal static string Seconds(TimeSpan wait) =>
        Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Requests of an endpoint without a caller count by themselves, for each address.</summary>
/// <param name="Kind">A word; endpoints with the same one share a bucket.</param>
internal sealed record LimitedAs(string Kind, Func<GatewayOptions.LimitOptions, int> PerMinute);

internal static class LimitedAsEndpoints
{
    public static TBuilder LimitAs<TBuilder>(this TBuilder endpoint, string kind, Func<GatewayOptions.LimitOptions, int> perMinute)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new LimitedAs(kind, perMinute));
}

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
