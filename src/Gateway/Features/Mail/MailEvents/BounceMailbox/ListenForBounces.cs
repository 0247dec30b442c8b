using Gateway.Infrastructure;
using Microsoft.Extensions.Options;
using SmtpServer;
using SmtpServer.Storage;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// Lets mail servers hand over by SMTP what comes back. What is taken, and what is said to it, is for <see cref="SmtpIntake"/>; here stands
/// who may come, and for how long.
/// </summary>
internal sealed partial class ListenForBounces(
    IOptions<MailOptions> mail,
    IOptions<GatewayOptions> gateway,
    SmtpIntake intake,
    ILogger<ListenForBounces> logger
) : BackgroundService
{
    /// <summary>As much as providers may send us at once; a line of a command may be no longer either.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private const int MaxLines = 20;
    private static readonly TimeSpan PerCommand = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PerLine = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!mail.Value.BounceListener.IsConfigured || !gateway.Value.IsWorker)
        {
            return;
        }

        var options = new SmtpServerOptionsBuilder()
            .ServerName(new Uri(gateway.Value.PublicBase).IdnHost)
            .Endpoint(one => one.Endpoint(mail.Value.BounceListener.Endpoint).SessionTimeout(PerLine))
            .MaxMessageSize(MaxBytes, MaxMessageSizeHandling.Strict)
            .CommandWaitTimeout(PerCommand)
            .Build();
        using var lines = new FewLines(MaxLines);
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMailboxFilter)intake);
        services.Add((IMessageStore)intake);
        services.Add(lines);
        var server = new SmtpServer.SmtpServer(options, services);
        server.SessionFaulted += (_, session) => LogBroken(session.Exception);
        await server.StartAsync(stoppingToken);
    }

    [LoggerMessage(LogLevel.Information, "A mail server's connection broke off; it comes again with what it has")]
    private partial void LogBroken(Exception exception);
}
