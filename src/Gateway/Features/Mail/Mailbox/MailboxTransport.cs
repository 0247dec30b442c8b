using Gateway.Infrastructure.Data;
using MimeKit;

namespace Gateway.Features.Mail.Mailbox;

/// <summary>Keeps mails where a developer can look at them, and sends nothing.</summary>
internal sealed class MailboxTransport(IServiceScopeFactory scopes, TimeProvider clock) : IMailTransport
{
    public string Provider => MailOptions.MailboxTransport;

    /// <summary>A statement's own time-out.</summary>
    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct)
    {
        var wire = FormatOptions.Default.Clone();
        wire.NewLineFormat = NewLineFormat.Dos;
        using var mime = new MemoryStream();
        await message.WriteToAsync(wire, mime, ct);

        var now = clock.GetUtcNow();
        var row = new MailboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Mime = mime.ToArray(),
            ReceivedAt = now.UtcDateTime,
        };

        // Several mails are handed over at once, so each needs a context of its own.
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        await db.WriteAsync(() => db.InsertNewAsync([row], ct), ct);
        return new MailOutcome.Sent("250 2.0.0 kept in the development mailbox");
    }
}
