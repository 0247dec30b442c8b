using Gateway.Features.Webhooks;

namespace Gateway.Tests.Hooks;

/// <summary>As in Production; the tests' gateway allows private targets, as Development does.</summary>
[Trait("Database", "none")]
public sealed class HookUrlTests
{
    [Theory]
    [InlineData("http://hooks.example.org/1")]
    [InlineData("https://localhost/1")]
    [InlineData("https://127.0.0.1/1")]
    [InlineData("https://2130706433/1")]
    [InlineData("https://0x7f.1/1")]
    [InlineData("https://[::1]/1")]
    [InlineData("https://[::ffff:10.0.0.1]/1")]
    [InlineData("https://192.168.1.1:8443/1")]
    [InlineData("https://100.64.0.1/1")]
    [InlineData("https://169.254.169.254/1")]
    [InlineData("https://[fd00::1]/1")]
    [InlineData("https://１２７.0.0.1/1")]
    [InlineData("https://127。0。0。1/1")]
    public void Private_targets_are_refused_when_a_hook_is_made(string url) => Assert.NotNull(HookUrl.Error(url, allowPrivate: false));

    /// <summary>An address that cannot be used must not be kept: each event would meet it again.</summary>
    [Theory]
    [InlineData("https://l\ua87e.example/1")]
    [InlineData("https://\u00ad.example/1")]
    [InlineData("https://g\uff03.example/1")]
    [InlineData("https://-.example/1")]
    public void Names_that_no_host_can_have_are_refused(string url) => Assert.NotNull(HookUrl.Error(url, allowPrivate: true));

    [Theory]
    [InlineData("https://hooks.example.org/1?key=a%20b")]
    [InlineData("https://hooks.example.org:8443/1")]
    [InlineData("https://bücher.example/1")]
    [InlineData("https://8.8.8.8/1")]
    [InlineData("https://[2606:4700:4700::1111]/1")]
    public void Public_targets_are_welcome(string url) => Assert.Null(HookUrl.Error(url, allowPrivate: false));

    [Theory]
    [InlineData("https://Hooks.Example.org/1", "hooks.example.org:443")]
    [InlineData("http://127.0.0.1:5000/1", "127.0.0.1:5000")]
    [InlineData("https://[2606:4700:4700::1111]:8443/1", "2606:4700:4700::1111:8443")]
    [InlineData("https://bücher.example/1", "xn--bcher-kva.example:443")]
    public void A_lane_is_a_host_and_a_port(string url, string host) => Assert.Equal(host, HookUrl.HostOf(url));
}
