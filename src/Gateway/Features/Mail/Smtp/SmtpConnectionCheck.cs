using Gateway.Infrastructure.Commands;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.Smtp;

/// <summary>Connects to the mail server of the settings and signs in.</summary>
internal sealed class SmtpConnectionCheck(SmtpConnections connections, IOptions<MailOptions> mail) : IConnectionCheck
{
    public string Name => $"Mail server {mail.Value.Smtp.Host}:{mail.Value.Smtp.Port}";

    public bool IsConfigured => mail.Value.Transport == MailOptions.SmtpTransport;

    public async Task<string?> ErrorAsync(CancellationToken ct)
    {
        var (connection, error) = await connections.OpenAsync(ct);
        if (connection is not null)
        {
            await connection.CloseAsync();
        }

        return error?.Reason;
    }
}
