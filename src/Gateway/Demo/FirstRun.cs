using Gateway.Console.SignIn;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Gateway.Demo;

/// <summary>Says at the start where to look.</summary>
internal sealed partial class FirstRun(
    DemoSite demo,
    IServiceScopeFactory scopes,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<FirstRun> logger
) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await demo.EnsureAsync(cancellationToken);
        var admin = await AdminPathAsync(cancellationToken);
        lifetime.ApplicationStarted.Register(() =>
        {
            if (server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address)
            {
                LogWelcome(address, address, address, address + admin);
            }
        });
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task<string> AdminPathAsync(CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return AdminLinks.Path(
            (await scope.ServiceProvider.GetRequiredService<AdminLinks>().MakeAsync("developer", AdminRoles.Operator, ct)).Token
        );
    }

    [LoggerMessage(
        LogLevel.Information,
        """
            Gateway is running. Try it:
              1. {Form}/demo           a form with a subscription box: fill it in and send it
              2. {Mailbox}/demo/mailbox   the confirmation mail that would have gone out: press its button
              3. {List}/demo/list      the contact on the list, and the proof of consent
            Set it up in your browser, once and within 15 minutes (for another link: gateway admin link):
                 {Admin}
            """
    )]
    private partial void LogWelcome(string form, string mailbox, string list, string admin);
}
