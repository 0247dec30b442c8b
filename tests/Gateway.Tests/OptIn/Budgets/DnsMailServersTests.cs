using Gateway.Features.OptIn.Budgets;
using Gateway.Infrastructure;
using Gateway.Infrastructure.NameServers;
using Gateway.Tests.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.OptIn.Budgets;

/// <summary>Whether a domain takes mail, as a name server on this machine tells it in real packets.</summary>
public sealed class DnsMailServersTests : IAsyncDisposable
{
    private readonly NameServer _server = new NameServer()
        .HasMx("mail.test", 10, "mail.test")
        .HasAddress("address.test", "192.0.2.1")
        .HasMx("null.test", 0, "")
        .HasTxt("nothing.test", "something else")
        .Is("broken.test", NameServer.ServFail)
        .Is("silent.test", NameServer.Silent);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("mail.test", true)]
    [InlineData("address.test", true)] // RFC 5321, section 5.1: without an MX the address counts
    [InlineData("null.test", false)] // RFC 7505
    [InlineData("nothing.test", false)]
    [InlineData("gone.test", false)]
    [InlineData("broken.test", null)]
    [InlineData("silent.test", null)]
    public async Task A_domain_takes_mail_unless_its_name_servers_say_otherwise(string domain, bool? takesMail)
    {
        var servers = new DnsMailServers(
            new DnsAnswers(Options.Create(new GatewayOptions { NameServer = _server.Address })),
            new(),
            NullLogger<DnsMailServers>.Instance
        );
        using var limit = new CancellationTokenSource(domain == "silent.test" ? TimeSpan.FromMilliseconds(50) : TimeSpan.FromMinutes(1));

        // On a busy machine an answer may come too late, which counts as none.
        var seen = await Eventually.BecomesAsync(
            async () => (TakesMail: await servers.TakesMailAsync(domain, limit.Token), Tried: true),
            answer => takesMail is null || answer.TakesMail is not null
        );

        Assert.Equal(takesMail, seen.TakesMail);
    }
}
