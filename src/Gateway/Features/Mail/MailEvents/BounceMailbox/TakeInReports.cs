using Gateway.Features.Mail.SenderDomains;
using Gateway.Infrastructure.Http;
using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// Stores what mails say of ours (<see cref="DeliveryReports"/>), or show of how they left (<see cref="DomainTestMails"/>), whichever way
/// they come: from a mailbox, or handed over by a mail server. Two gateways may be told the same: an event is one row whoever stores it.
/// </summary>
internal sealed partial class TakeInReports(
    ReturnPath returnPath,
    MailEventInbox inbox,
    IServiceScopeFactory scopes,
    TimeProvider clock,
    ILogger<TakeInReports> logger
)
{
    /// <summary>As the events' source: it has no address of its own.</summary>
    private static readonly MailEventSource Source = new() { Provider = "bounce-mailbox", TokenHash = [] };

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

    /// <param name="recipients">Whom it was addressed to, where the one who handed it over said so.</param>
    /// <param name="sender">Where it would come back to; null where only its headers say so.</param>
    /// <returns>Whether the mail says anything of ours; what it says is on the disk then.</returns>
    public async Task<bool> StoreAsync(MimeMessage mail, IEnumerable<string> recipients, CancellationToken ct, string? sender = null)
    {
        IReadOnlyList<ReportedEvent> events;
        var returned = returnPath.MessageIn([.. recipients, .. HeadersOf(mail)]);
        try
        {
            events = DeliveryReports.Read(mail, returned);
        }
        catch (Exception unreadable) when (unreadable is not OutOfMemoryException)
        {
            // Whatever somebody wrote there, the next one is read.
            LogUnreadable(unreadable);
            return false;
        }

        if (events.Count == 0)
        {
            return PublicId.Parse(PublicId.Message, returned) is { } message && await IsDomainTestAsync(message, mail, sender, ct);
        }

        var now = clock.GetUtcNow();
        await inbox.StoreAsync(Source.Provider, [.. events.Select(one => one.ToRow(Source, now))], ct);
        return true;
    }

    /// <summary>Whether it is a mail that this gateway sent to itself.</summary>
    private async Task<bool> IsDomainTestAsync(Guid message, MimeMessage mail, string? sender, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DomainTestMails>().ArrivedAsync(message, mail, sender, ct);
    }

    private static IEnumerable<string> HeadersOf(MimeMessage mail) =>
        mail.Headers.Where(header => DeliveredTo.Contains(header.Field, StringComparer.OrdinalIgnoreCase)).Select(header => header.Value);

    [LoggerMessage(LogLevel.Warning, "A mail that came back could not be read and is passed over")]
    private partial void LogUnreadable(Exception exception);
}
