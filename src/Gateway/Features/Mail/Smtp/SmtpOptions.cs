namespace Gateway.Features.Mail.Smtp;

/// <summary>The server that takes our mails, section <c>Mail:Smtp</c>.</summary>
internal sealed class SmtpOptions
{
    /// <summary>The submission port that speaks TLS from the first byte; every other begins in clear and may offer STARTTLS.</summary>
    public const int TlsPort = 465;

    private const int MaxTimeout = 30;

    /// <summary>A kept line that turns out dead, a new one, and the mail over that.</summary>
    public static readonly TimeSpan TimeLimit = 3 * TimeSpan.FromSeconds(MaxTimeout);

    public string? Host { get; set; }

    public int Port { get; set; } = 587;

    /// <summary>
    /// <c>auto</c> takes TLS on port 465, else STARTTLS where it is offered, and never sends a password in clear. <c>starttls</c> and
    /// <c>tls</c>
    /// insist; <c>none</c> does without, for a relay on the same machine.
    /// </summary>
    public string Security { get; set; } = "auto";

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>How long connecting, and then handing over one mail, may take.</summary>
    public int TimeoutSeconds { get; set; } = MaxTimeout;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public bool SignsIn => User is { Length: > 0 };

    public SmtpSecurity Mode => Enum.Parse<SmtpSecurity>(Security, ignoreCase: true);

    /// <returns>A sentence for each setting that cannot work.</returns>
    public IEnumerable<string> Errors()
    {
        if (Host is not { Length: > 0 } || Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return "Mail__Smtp__Host must be the name of the server that takes your mails, such as smtp.example.org.";
        }

        if (Port is < 1 or > 65_535)
        {
            yield return "Mail__Smtp__Port must be a port number; 587 is the usual choice.";
        }

        if (TimeoutSeconds is < 1 or > MaxTimeout)
        {
            yield return $"Mail__Smtp__TimeoutSeconds must be from 1 to {MaxTimeout}.";
        }

        if (!Enum.GetNames<SmtpSecurity>().Contains(Security, StringComparer.OrdinalIgnoreCase))
        {
            yield return "Mail__Smtp__Security must be auto, none, starttls or tls.";
        }
        else if (Port == TlsPort && Mode == SmtpSecurity.StartTls)
        {
            yield return "Mail__Smtp__Security is starttls, but port 465 speaks TLS from the start. Set it to auto or tls, or the port to "
                + "587.";
        }

        if (SignsIn != Password is { Length: > 0 })
        {
            yield return "Mail__Smtp__User and Mail__Smtp__Password belong together: set both, or neither.";
        }
    }

    /// <summary>Without user and password, which belong in no log.</summary>
    public override string ToString() => $"{Host}:{Port} ({Security}{(SignsIn ? ", signs in" : "")})";
}

internal enum SmtpSecurity
{
    Auto,
    None,
    StartTls,
    Tls,
}
