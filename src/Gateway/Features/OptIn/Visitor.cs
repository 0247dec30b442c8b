using Gateway.Features.Sites;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.OptIn;

/// <summary>Who pressed a button on one of our pages, as far as the network tells.</summary>
internal sealed record Visitor(string? Ip, string? UserAgent)
{
    public static ValueTask<Visitor?> BindAsync(HttpContext http) =>
        ValueTask.FromResult<Visitor?>(
            new(
                http.Connection.RemoteIpAddress?.ToString(),
                http.Request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? Shortening.To(agent, 500) : null
            )
        );

    /// <returns>As much of the address as the site keeps.</returns>
    public string? IpFor(Site site) => IpAddresses.Keep(Ip, site.IpStorage);
}
