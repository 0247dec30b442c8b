using Gateway.Features.Connections;
using Gateway.Features.Webhooks;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Http;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Features.Mail.Smtp;

/// <summary>Mail servers that somebody typed: where they may be, and how long they may take.</summary>
internal sealed class SmtpServers(
    GuardedConnections guarded,
    IOptions<HooksOptions> hooks,
    IOptions<GatewayOptions> gateway,
    TimeProvider clock,
    ILogger<SmtpConnections> logger
)
{
    private const int TimeoutSeconds = 10;
    private const int AnswerSeconds = 60;

    /// <summary>What they may be asked on: submission, with TLS, and between servers.</summary>
    private static readonly int[] Ports = [25, 465, 587, 2525];

    /// <summary>What a mail to one of them takes at the most, with all time-outs.</summary>
    public static TimeSpan TimeLimit { get; } =
        new SmtpOptions { TimeoutSeconds = TimeoutSeconds, AnswerSeconds = AnswerSeconds }.TimeLimit;

    private bool AllowPrivate => hooks.Value.AllowPrivateTargets == true;

    /// <returns>What is wrong with a server, as a sentence; null when it may be asked.</returns>
    public string? ErrorOf(SmtpOptions server) =>
        AllowPrivate || Ports.Contains(server.Port) ? null : $"Port must be one of {string.Join(", ", Ports)}.";

    /// <summary>Connections to a server: only where it may lead, few, and not for long.</summary>
    public SmtpConnections Connect(SmtpOptions server)
    {
        (server.TimeoutSeconds, server.AnswerSeconds, server.Connections) = (TimeoutSeconds, AnswerSeconds, 2);
        var reach = new SmtpReach((host, port, ct) => guarded.DialAsync(host, port, AllowPrivate, ct), IsTrusted: false);
        return new(server, reach, gateway, clock, logger);
    }

    /// <summary>A site's own server.</summary>
    public IMailTransport Open(SmtpOptions server) =>
        ErrorOf(server) is { } error ? new ClosedTransport(error) : new OwnServer(Connect(server));

    /// <summary>Its sentences name a connection's settings, and not the installation's.</summary>
    private sealed class OwnServer(SmtpConnections connections) : IMailTransport, IDisposable
    {
        private readonly SmtpTransport _smtp = new(connections);

        public string? Relay => _smtp.Relay;

        public TimeSpan TimeLimit => _smtp.TimeLimit;

        public async Task<MailOutcome> SendAsync(MimeMessage message, CancellationToken ct) =>
            await _smtp.SendAsync(message, ct) switch
            {
                MailOutcome.Held held => held with { Error = held.Error with { Reason = SmtpOptions.WithoutPrefix(held.Error.Reason) } },
                var outcome => outcome,
            };

        public void Dispose() => connections.Dispose();
    }
}

internal static class SmtpServersSetup
{
    /// <summary>The servers of sites are connections as accounts at providers are.</summary>
    public static IServiceCollection AddSmtpServers(this IServiceCollection services)
    {
        var account = new ConnectionProvider(
            ConnectionKind.Mail,
            MailOptions.SmtpTransport,
            "a mail server",
            typeof(SmtpOptions),
            "Mail__Smtp",
            InstallationServer
        );
        return services
            .AddSingleton<SmtpServers>()
            .AddConnectionProvider<SmtpConnectionTest>(account)
            .AddSingleton(
                new TransportProvider(account, (scope, server) => scope.GetRequiredService<SmtpServers>().Open((SmtpOptions)server))
            );
    }

    /// <summary>The mailbox of a first run is no server.</summary>
    private static SmtpOptions InstallationServer(IServiceProvider services) =>
        services.GetRequiredService<IOptions<MailOptions>>().Value is { Transport: MailOptions.SmtpTransport } mail
            ? mail.Smtp
            : new SmtpOptions();
}
