using System.Net;
using System.Net.Sockets;
using Gateway.Infrastructure.Http;
using Gateway.Tests.Hosting;

namespace Gateway.Tests.Http;

/// <summary>As in Production, where nothing private may be reached.</summary>
public sealed class GuardedConnectionsTests
{
    private readonly FakeNames names = new();

    [Theory]
    [InlineData("https://{0}/")]
    [InlineData("http://{0}/")]
    [InlineData("https://127.0.0.1:{1}/")]
    [InlineData("https://[::1]:{1}/")]
    [InlineData("https://[::ffff:127.0.0.1]:{1}/")]
    public async Task Nothing_connects_to_this_machine(string url)
    {
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        using var http = new HttpMessageInvoker(new GuardedConnections(names).NewHandler(allowPrivate: false));
        var target = string.Format(
            System.Globalization.CultureInfo.InvariantCulture,
            url,
            names.New(() => IPAddress.Loopback),
            ((IPEndPoint)listener.LocalEndpoint).Port
        );

        var failed = await Assert.ThrowsAsync<HttpRequestException>(() =>
            http.SendAsync(new(HttpMethod.Get, target), CancellationToken.None)
        );

        Assert.IsType<ForbiddenTargetException>(failed.InnerException);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData("https://hooks.example.org/", "8.8.8.8", false, true)]
    [InlineData("https://hooks.example.org/", "10.0.0.1", false, false)]
    [InlineData("https://hooks.example.org/", "10.0.0.1", true, true)]
    [InlineData("http://hooks.example.org/", "10.0.0.1", true, true)]
    [InlineData("http://hooks.example.org/", "8.8.8.8", true, false)]
    [InlineData("http://hooks.example.org/", "8.8.8.8", false, false)]
    [InlineData("https://hooks.example.org/", "169.254.169.254", true, false)]
    public void Without_TLS_only_what_is_private_may_be_reached_and_only_where_that_is_allowed(
        string target,
        string address,
        bool allowPrivate,
        bool allowed
    ) => Assert.Equal(allowed, GuardedConnections.Allows(new(target), IPAddress.Parse(address), allowPrivate));

    [Fact]
    public void Nothing_leads_around_the_check()
    {
        using var handler = new GuardedConnections(names).NewHandler(allowPrivate: false);

        Assert.False(handler.UseProxy);
        Assert.False(handler.UseCookies);
        Assert.False(handler.AllowAutoRedirect);
    }
}
