using Gateway.Infrastructure;
using Gateway.Infrastructure.Queue;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// Reads the mailbox that mails come back to, as soon as something arrives. What was read is marked as seen, once its events are stored; it
/// stays for whoever looks into the mailbox. Two gateways may read at once: an event is one row whoever stores it.
/// </summary>
internal sealed partial class ReadBounceMailbox(
    IOptions<MailOptions> mail,
    IOptions<GatewayOptions> gateway,
    ReturnPath returnPath,
    MailEventInbox inbox,
    TimeProvider clock,
    ILogger<ReadBounceMailbox> logger
) : BackgroundService
{
    /// <summary>As the events' source: it has no address of its own.</summary>
    private static readonly MailEventSource Source = new() { Provider = "bounce-mailbox", TokenHash = [] };

    /// <summary>Reports bring the mail back; nobody sends a longer one.</summary>
    private const int MaxBytes = 10 * 1024 * 1024;

    /// <summary>RFC 2177 asks for an end before half an hour; many firewalls forget a quiet line sooner.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(9);

    /// <summary>Of a server without IDLE.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(15);

    private static readonly Backoff Pace = new(First: TimeSpan.FromSeconds(10), Max: TimeSpan.FromMinutes(5));
    private static readonly string[] DeliveredTo =
    [
        "Delivered-To",
        "X-Delivered-To",
        "X-Original-To",
        "Envelope-To",
        "X-Envelope-To",
        "X-RCPT-To",
        "To",
    ];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (mail.Value.BounceMailbox.IsConfigured && gateway.Value.IsWorker && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await ReadAsync(() => failures = 0, stoppingToken) is { } error)
                {
                    LogClosed(error);
                }
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

    /// <summary>Reads until the line is lost.</summary>
    /// <returns>Why the mailbox cannot be opened.</returns>
    private async Task<string?> ReadAsync(Action opened, CancellationToken ct)
    {
        var (client, folder, error) = await BounceMailboxLine.OpenAsync(mail.Value.BounceMailbox, ct);
        if (client is null)
        {
            return error;
        }

        using (client)
        {
            opened();
            while (true)
            {
                await TakeInAsync(folder!, ct);
                await WaitAsync(client, folder!, ct);
            }
        }
    }

    private async Task TakeInAsync(IMailFolder folder, CancellationToken ct)
    {
        using var search = Limited(ct);
        var unseen = await folder.SearchAsync(SearchQuery.NotSeen, search.Token);
        if (unseen.Count == 0)
        {
            return;
        }

        var sizes = (await folder.FetchAsync(unseen, MessageSummaryItems.Size | MessageSummaryItems.UniqueId, search.Token)).ToDictionary(
            one => one.UniqueId,
            one => one.Size ?? 0
        );
        foreach (var id in unseen)
        {
            using var limit = Limited(ct);
            if (sizes.GetValueOrDefault(id) <= MaxBytes)
            {
                using var message = await folder.GetMessageAsync(id, limit.Token);
                await StoreAsync(id, message, ct);
            }

            await folder.AddFlagsAsync(id, MessageFlags.Seen, silent: true, limit.Token);
        }
    }

    private async Task StoreAsync(UniqueId id, MimeMessage message, CancellationToken ct)
    {
        IReadOnlyList<ReportedEvent> events;
        try
        {
            events = DeliveryReports.Read(message, returnPath.MessageIn(HeadersOf(message)));
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Whatever somebody wrote there, the next one is read.
            LogUnreadable(id.Id, unreadable);
            return;
        }

        var now = clock.GetUtcNow();
        await inbox.StoreAsync(Source.Provider, [.. events.Select(one => one.ToRow(Source, now))], ct);
    }

    private static IEnumerable<string> HeadersOf(MimeMessage message) =>
        message
            .Headers.Where(header => DeliveredTo.Contains(header.Field, StringComparer.OrdinalIgnoreCase))
            .Select(header => header.Value);

    /// <summary>Until something arrives, or it is time to look.</summary>
    private async Task WaitAsync(ImapClient client, IMailFolder folder, CancellationToken ct)
    {
        if (!client.Capabilities.HasFlag(ImapCapabilities.Idle))
        {
            await Task.Delay(Between, clock, ct);
            await client.NoOpAsync(ct);
            return;
        }

        using var arrived = new CancellationTokenSource(Idle);
        void Wake(object? sender, EventArgs change) => arrived.Cancel();
        folder.CountChanged += Wake;
        try
        {
            await client.IdleAsync(arrived.Token, ct);
        }
        finally
        {
            folder.CountChanged -= Wake;
        }
    }

    private static CancellationTokenSource Limited(CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(BounceMailboxLine.TimeLimit);
        return limit;
    }

    [LoggerMessage(LogLevel.Error, "The bounce mailbox cannot be read: {Why}")]
    private partial void LogClosed(string why);

    [LoggerMessage(LogLevel.Warning, "The line to the bounce mailbox was lost ({What}); it is opened again")]
    private partial void LogLost(string what);

    [LoggerMessage(LogLevel.Warning, "Mail {Uid} in the bounce mailbox could not be read and is passed over")]
    private partial void LogUnreadable(uint uid, Exception exception);
}
