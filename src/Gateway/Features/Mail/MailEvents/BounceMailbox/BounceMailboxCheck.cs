using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>Connects to the mailbox that mails come back to, signs in, and reads nothing.</summary>
internal sealed class BounceMailboxCheck(IOptions<MailOptions> mail, TimeProvider clock) : IConnectionCheck
{
    public string Name => $"Bounce mailbox {mail.Value.BounceMailbox.Host}:{mail.Value.BounceMailbox.PortOrUsual}";

    public bool IsConfigured => mail.Value.BounceMailbox.IsConfigured;

    public async Task<string?> ErrorAsync(CancellationToken ct)
    {
        var (mailbox, error) = await BounceMailboxLine.OpenAsync(mail.Value.BounceMailbox, leftAlone: [], clock, ct);
        mailbox?.Dispose();
        return error;
    }
}
