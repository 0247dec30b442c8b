using Gateway.Features.Connections;

namespace Gateway.Features.Mail.Smtp;

/// <summary>The server that takes our mails: the installation's, section <c>Mail:Smtp</c>, or a connection's.</summary>
internal sealed class SmtpOptions : IConnectionSettings
{
    /// <summary>The submission port that speaks TLS from the first byte; every other begins in clear and may offer STARTTLS.</summary>
    public const int TlsPort = 465;

    /// <summary>What RFC 5321, section 4.5.3.2 grants to the slowest of a server's commands, and to its answer to a mail.</summary>
    private const int MaxTimeout = 300;
    private const int MaxAnswer = 1800;

    /// <summary>What sentences about the installation's settings begin their names with; a connection's have none.</summary>
    public const string Prefix = "Mail__Smtp__";

    [ConnectionSetting(IsPlace = true)]
    public string? Host { get; set; }

    [ConnectionSetting(IsPlace = true)]
    public int Port { get; set; } = 587;

    /// <summary>
    /// <c>auto</c> takes TLS on port 465, else STARTTLS where it is offered, and never sends a password in clear. <c>starttls</c> and
    /// <c>tls</c>
    /// insist; <c>none</c> does without, for a relay on the same machine.
    /// </summary>
    [ConnectionSetting(IsPlace = true)]
    public string Security { get; set; } = "auto";

    [ConnectionSetting]
    public string? User { get; set; }

    [ConnectionSetting(IsSecret = true)]
    public string? Password { get; set; }

    /// <summary>How long connecting with signing in, and then the commands before a mail's content, may take.</summary>
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>
    /// How long a server may take to answer to a mail's content. RFC 5321, section 4.5.3.2.6 asks for ten minutes: who gives up earlier
    /// sends the mail twice.
    /// </summary>
    public int AnswerSeconds { get; set; } = 600;

    /// <summary>How many connections may be open at the same time.</summary>
    public int Connections { get; set; } = SendMessages.AtOnce;

    /// <summary>
    /// A PEM file with the certificates of authorities that are trusted beside those of this machine, or with the server's own.
    /// </summary>
    public string? CaFile { get; set; }

    /// <summary>
    /// The SHA-256 fingerprint of the one certificate that is trusted, in hexadecimal digits, with or without colons, as
    /// <c>openssl x509 -fingerprint -sha256</c> and <c>smtp check</c> print it. It counts whatever the certificate's name, issuer and time.
    /// </summary>
    [ConnectionSetting(IsPlace = true)]
    public string? Fingerprint { get; set; }

    /// <summary>A token in place of a password.</summary>
    public SmtpOAuthOptions OAuth { get; set; } = new();

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public TimeSpan AnswerTimeout => TimeSpan.FromSeconds(AnswerSeconds);

    /// <summary>Waiting for a line, a kept line that turns out dead, a new one, the mail's commands over that, and the answer.</summary>
    public TimeSpan TimeLimit => (4 * Timeout) + AnswerTimeout;

    public bool SignsIn => User is { Length: > 0 };

    public SmtpSecurity Mode => Enum.Parse<SmtpSecurity>(Security, ignoreCase: true);

    string IConnectionSettings.Name => $"{Host}:{Port}";

    IEnumerable<string> IConnectionSettings.Errors() => Errors().Select(WithoutPrefix);

    /// <returns>A sentence about the installation's settings as it reads for a connection's.</returns>
    public static string WithoutPrefix(string sentence) => sentence.Replace(Prefix, "", StringComparison.Ordinal);

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

        if (AnswerSeconds is < 1 or > MaxAnswer)
        {
            yield return $"Mail__Smtp__AnswerSeconds must be from 1 to {MaxAnswer}; 600 is what servers may count on.";
        }

        if (Connections is < 1 or > SendMessages.AtOnce)
        {
            yield return $"Mail__Smtp__Connections must be from 1 to {SendMessages.AtOnce}.";
        }

        if (CaFile is { Length: > 0 } && SmtpTrust.ErrorOf(CaFile) is { } unreadable)
        {
            yield return unreadable;
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

        if (Fingerprint is { Length: > 0 } && SmtpTrust.ReadFingerprint(Fingerprint) is null)
        {
            yield return "Mail__Smtp__Fingerprint must be the SHA-256 fingerprint of a certificate: 64 hexadecimal digits, with or without "
                + "colons.";
        }

        if (OAuth.IsConfigured)
        {
            if (!SignsIn)
            {
                yield return "Mail__Smtp__User must be set with Mail__Smtp__OAuth: it is the mailbox that signs in.";
            }

            if (Password is { Length: > 0 })
            {
                yield return "Mail__Smtp__Password and Mail__Smtp__OAuth exclude each other: take the password away.";
            }
        }
        else if (SignsIn != Password is { Length: > 0 })
        {
            yield return "Mail__Smtp__User and Mail__Smtp__Password belong together: set both, or neither.";
        }

        foreach (var error in OAuth.Errors())
        {
            yield return error;
        }
    }

    /// <summary>Without user and password, which belong in no log.</summary>
    public override string ToString() =>
        $"{Host}:{Port} ({Security}{(SignsIn ? OAuth.IsConfigured ? ", signs in by OAuth" : ", signs in" : "")})";
}

internal enum SmtpSecurity
{
    Auto,
    None,
    StartTls,
    Tls,
}
