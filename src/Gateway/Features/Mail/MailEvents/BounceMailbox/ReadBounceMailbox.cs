using Gateway.Infrastructure;
using Gateway.Infrastructure.Queue;
using MailKit;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>Reads the mailbox that mails come back to, as soon as something arrives.</summary>
internal sealed partial class ReadBounceMailbox(
    IOptions<MailOptions> mail,
    IOptions<GatewayOptions> gateway,
    TakeInReports reports,
    TimeProvider clock,
    ILogger<ReadBounceMailbox> logger
) : BackgroundService
{
    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(10), Max: TimeSpan.FromMinutes(5));

    private readonly HashSet<string> _leftAlone = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (mail.Value.BounceMailbox.IsConfigured && gateway.Value.IsWorker && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ReadAsync(() => failures = 0, stoppingToken) is not { } error)
                {
                    continue;
                }

                LogClosed(error);
            }
            catch (Exception lost)
                when (lost is IOException or ProtocolException or CommandException or ServiceNotConnectedException
                    || (lost is OperationCanceledException && !stoppingToken.IsCancellationRequested)
                )
            {
                LogLost(lost.GetType().Name);
            }

            await Task.Delay(Pace.After(failures++), clock, stoppingToken);
        }
    }

    /// <summary>Reads until the mailbox has to be opened again.</summary>
    /// <returns>Why it cannot be opened.</returns>
    private async Task<string?> ReadAsync(Action opened, CancellationToken ct)
    {
        var (mailbox, error) = await BounceMailboxLine.OpenAsync(mail.Value.BounceMailbox, _leftAlone, clock, ct);
        if (mailbox is null)
        {
            return error;
        }

        using (mailbox)
        {
            opened();
            do
            {
                await mailbox.TakeInAsync((one, token) => reports.StoreAsync(one, [], token), ct);
            } while (await mailbox.WaitAsync(ct));
        }

        return null;
    }

    [LoggerMessage(LogLevel.Error, "The bounce mailbox cannot be read: {Why}")]
    private partial void LogClosed(string why);

    [LoggerMessage(LogLevel.Warning, "The line to the bounce mailbox was lost ({What}); it is opened again")]
    private partial void LogLost(string what);
}
