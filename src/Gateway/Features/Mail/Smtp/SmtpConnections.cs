using Gateway.Infrastructure;
using Gateway.Infrastructure.Connections;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Mail.Smtp;

/// <summary>
/// Keeps a few connections open between mails and closes them when they idle: connecting, TLS and signing in cost far more than a mail.
/// A server that cannot be reached or refuses the password is left in peace for a while, so that it does not lock us out.
/// </summary>
internal sealed partial class SmtpConnections : IDisposable
{
    private const int MaxKept = SendMessages.AtOnce;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Peace = TimeSpan.FromSeconds(15);

    private readonly SmtpOptions _options;
    private readonly SmtpAccessTokens? _tokens;
    private readonly SmtpReach _reach;
    private readonly string _localDomain;
    private readonly TimeProvider _clock;
    private readonly ILogger<SmtpConnections> _logger;
    private readonly ITimer _timer;
    private readonly List<SmtpConnection> _kept = [];
    private (ConnectionError Error, DateTimeOffset Until)? _down;

    /// <summary>Connections to the server of the installation's settings.</summary>
    public SmtpConnections(
        IOptions<MailOptions> mail,
        IOptions<GatewayOptions> gateway,
        TimeProvider clock,
        ILogger<SmtpConnections> logger,
        SmtpAccessTokens? tokens = null
    )
        : this(mail.Value.Smtp, SmtpReach.Installation, gateway, clock, logger)
    {
        _tokens = tokens;
    }

    /// <summary>Connections to another server.</summary>
    /// <param name="reach">How it is reached.</param>
    public SmtpConnections(
        SmtpOptions options,
        SmtpReach reach,
        IOptions<GatewayOptions> gateway,
        TimeProvider clock,
        ILogger<SmtpConnections> logger
    )
    {
        _options = options;
        _reach = reach;
        _localDomain = new Uri(gateway.Value.PublicBase).IdnHost;
        _clock = clock;
        _logger = logger;
        Lines = new(_options.Connections, clock);
        _timer = clock.CreateTimer(_ => CloseIdle(), null, Idle / 3, Idle / 3);
    }

    /// <summary>Who has taken a line may use one connection, kept or new.</summary>
    public SmtpLines Lines { get; }

    /// <summary>Whether these are connections to that very server.</summary>
    public bool IsOf(SmtpOptions server) => ReferenceEquals(server, _options);

    /// <summary>The server's name.</summary>
    public string? Host => _options.Host;

    /// <summary>How long a mail waits for a line.</summary>
    public TimeSpan Patience => _options.Timeout;

    public TimeSpan TimeLimit => _options.TimeLimit;

    private bool HasKept
    {
        get
        {
            lock (_kept)
            {
                return _kept.Count > 0;
            }
        }
    }

    /// <returns>A connection that was used a moment ago, or null.</returns>
    public SmtpConnection? TakeKept()
    {
        CloseIdle();
        lock (_kept)
        {
            if (_kept.Count == 0)
            {
                return null;
            }

            var latest = _kept[^1];
            _kept.RemoveAt(_kept.Count - 1);
            return latest;
        }
    }

    /// <returns>A new connection, or why there is none; neither where only our other lines are in the way.</returns>
    public async Task<(SmtpConnection? Connection, ConnectionError? Error)> OpenAsync(CancellationToken ct)
    {
        if (_down is { } down && _clock.GetUtcNow() < down.Until)
        {
            return (null, down.Error);
        }

        var (connection, error, isFull) = await SmtpConnection.OpenAsync(_options, _localDomain, _tokens, _reach, ct);
        if (isFull && (Lines.OthersAreInUse || HasKept))
        {
            LogFull(error!.Reason);
            return (null, null);
        }

        if (error is not null)
        {
            LogDown(error.Reason);
        }

        _down = error is null ? null : (error, _clock.GetUtcNow() + Peace);
        return (connection, error);
    }

    public void GiveBack(SmtpConnection connection)
    {
        connection.LastUsed = _clock.GetUtcNow();
        lock (_kept)
        {
            if (connection.IsUsable && _kept.Count < MaxKept)
            {
                _kept.Add(connection);
                return;
            }
        }

        connection.Dispose();
    }

    /// <summary>Says goodbye to servers that we have had nothing for lately.</summary>
    public void CloseIdle()
    {
        var since = _clock.GetUtcNow() - Idle;
        List<SmtpConnection> idle;
        lock (_kept)
        {
            idle = [.. _kept.Where(connection => connection.LastUsed <= since)];
            _kept.RemoveAll(idle.Contains);
        }

        foreach (var connection in idle)
        {
            _ = connection.CloseAsync();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Lines.Dispose();
        lock (_kept)
        {
            _kept.ForEach(connection => connection.Dispose());
            _kept.Clear();
        }
    }

    [LoggerMessage(LogLevel.Information, "Fewer connections for a while (setting Mail__Smtp__Connections): {Why}")]
    private partial void LogFull(string why);

    [LoggerMessage(LogLevel.Warning, "Mail waits: {Why}")]
    private partial void LogDown(string why);
}
