using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Features.Demo;

/// <summary>Says at the start where to look.</summary>
internal sealed partial class FirstRun(DemoSite demo, IServer server, IHostApplicationLifetime lifetime, ILogger<FirstRun> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await demo.EnsureAsync(cancellationToken);
        lifetime.ApplicationStarted.Register(() =>
        {
            if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address)
            {
                LogWelcome(address, address, address);
            }
        });
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Information, """
        Gateway is running. Try it:
          1. {Form}/demo           a form with a subscription box: fill it in and send it
          2. {Mailbox}/demo/mailbox   the confirmation mail that would have gone out: press its button
          3. {List}/demo/list      the contact on the list, and the proof of consent
        """)]
    private partial void LogWelcome(string form, string mailbox, string list);
}
