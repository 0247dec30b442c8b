using Gateway.Features.Connections;

namespace Gateway.Features.Mail.Smtp;

/// <summary>Connects to a mail server and signs in; nothing is sent.</summary>
internal sealed class SmtpConnectionTest(SmtpConnections installation, SmtpServers servers) : IConnectionTest
{
    public async Task<string?> ErrorAsync(IConnectionSettings settings, CancellationToken ct)
    {
        var server = (SmtpOptions)settings;
        if (installation.IsOf(server))
        {
            return await ErrorAsync(installation, ct);
        }

        if (servers.ErrorOf(server) is { } unfit)
        {
            return unfit;
        }

        using var connections = servers.Connect(server);
        return await ErrorAsync(connections, ct) is { } error ? SmtpOptions.WithoutPrefix(error) : null;
    }

    private static async Task<string?> ErrorAsync(SmtpConnections connections, CancellationToken ct)
    {
        var (connection, error) = await connections.OpenAsync(ct);
        if (connection is not null)
        {
            await connection.CloseAsync();
        }

        return error?.Reason;
    }
}
