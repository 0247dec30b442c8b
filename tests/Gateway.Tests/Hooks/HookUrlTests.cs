using Gateway.Features.Webhooks;

namespace Gateway.Tests.Hooks;

/// <summary>As in Production; the tests' gateway allows private targets, as Development does.</summary>
public sealed class HookUrlTests
{
    private static readonly HooksOptions Production = new() { AllowPrivateTargets = false };
    private static readonly HooksOptions Development = new() { AllowPrivateTargets = true };

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
    public void Private_targets_are_refused_when_a_hook_is_made(string url) => Assert.NotNull(HookUrl.Error(url, Production));

    /// <summary>An address that cannot be used must not be kept: each event would meet it again.</summary>
    [Theory]
    [InlineData("https://l\ua87e.example/1")]
    [InlineData("https://\u00ad.example/1")]
    [InlineData("https://g\uff03.example/1")]
    [InlineData("https://-.example/1")]
    public void Names_that_no_host_can_have_are_refused(string url) => Assert.NotNull(HookUrl.Error(url, Development));

    [Theory]
    [InlineData("https://vm/1")]
    [InlineData("https://vm./1")]
    [InlineData("https://foo.localhost/1")]
    [InlineData("https://foo.LOCALHOST./1")]
    [InlineData("https://printer.local/1")]
    [InlineData("https://metadata.google.internal/1")]
    [InlineData("https://nas.home.arpa/1")]
    [InlineData("https://router.lan/1")]
    public void Names_that_mean_something_inside_a_network_alone_are_refused(string url) =>
        Assert.NotNull(HookUrl.Error(url, Production));

    [Theory]
    [InlineData("https://example.org:25/")]
    [InlineData("https://example.org:22/")]
    [InlineData("https://example.org:80/")]
    [InlineData("https://example.org:0/")]
    [InlineData("https://8.8.8.8:6379/")]
    [InlineData("https://[2606:4700:4700::1111]:5432/")]
    public void Ports_of_other_services_are_refused(string url) => Assert.NotNull(HookUrl.Error(url, Production));

    [Fact]
    public void A_setting_says_which_ports_there_are()
    {
        var options = new HooksOptions { AllowPrivateTargets = false, Ports = "443, 9443" };

        Assert.Null(HookUrl.Error("https://hooks.example.org:9443/1", options));
        Assert.Contains("443 or 9443", HookUrl.Error("https://hooks.example.org:8443/1", options));
    }

    [Theory]
    [InlineData("https://example.org/\r\nX: y")]
    [InlineData("https://example.org/\n")]
    [InlineData(" https://example.org/")]
    [InlineData("https://example.org/a b")]
    [InlineData("https://example.org/\0")]
    [InlineData("https://example.org/\u0085")]
    [InlineData("https://example.org/\u2028")]
    public void Control_characters_and_spaces_are_refused(string url) => Assert.NotNull(HookUrl.Error(url, Development));

    [Theory]
    [InlineData("https://hooks.example.org/1?key=a%20b")]
    [InlineData("https://hooks.example.org:8443/1")]
    [InlineData("https://bücher.example/1")]
    [InlineData("https://8.8.8.8/1")]
    [InlineData("https://[2606:4700:4700::1111]/1")]
    public void Public_targets_are_welcome(string url) => Assert.Null(HookUrl.Error(url, Production));

    [Theory]
    [InlineData("https://Hooks.Example.org/1", "hooks.example.org:443")]
    [InlineData("http://127.0.0.1:5000/1", "127.0.0.1:5000")]
    [InlineData("https://[2606:4700:4700::1111]:8443/1", "2606:4700:4700::1111:8443")]
    [InlineData("https://bücher.example/1", "xn--bcher-kva.example:443")]
    public void A_lane_is_a_host_and_a_port(string url, string host) => Assert.Equal(host, HookUrl.HostOf(url));
}
