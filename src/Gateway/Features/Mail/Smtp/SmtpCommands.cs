using System.CommandLine;
using System.Text;
using Gateway.Infrastructure.Commands;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.Smtp;

/// <summary><c>smtp check HOST</c>: which ports of a mail server work from here, and the settings to write.</summary>
internal static class SmtpCommands
{
    /// <summary>Of the environment: the password or token, so that it stands in no list of processes.</summary>
    public const string SecretVariable = "GATEWAY_SMTP_SECRET";

    public static Command All()
    {
        var host = new Argument<string>("HOST") { Description = "The mail server, such as smtp.example.org" };
        var port = new Option<int?>("--port") { Description = "Try this port alone" };
        var tls = new Option<bool>("--tls") { Description = "With --port: it speaks TLS from the start, as 465 does" };
        var user = new Option<string?>("--user")
        {
            Description = $"Also sign in; the password is read from the variable {SecretVariable} or from standard input",
        };
        var token = new Option<bool>("--oauth") { Description = "With --user: what is read is an access token (XOAUTH2)" };
        var from = new Option<string?>("--from")
        {
            Description = "With --to: a sender; ask whether its mail would be taken, and send none",
        };
        var to = new Option<string?>("--to") { Description = "With --from: the recipient of that mail" };
        var caFile = new Option<string?>("--ca-file") { Description = "A PEM file with authorities to trust, as Mail__Smtp__CaFile" };
        var fingerprint = new Option<string?>("--fingerprint")
        {
            Description = "The one certificate to trust, as Mail__Smtp__Fingerprint",
        };
        var check = new Command("check", "Try a mail server, without sending anything, and print the settings to write")
        {
            host,
            port,
            tls,
            user,
            token,
            from,
            to,
            caFile,
            fingerprint,
        };
        check.SetAction(
            async (parsed, ct) =>
            {
                var probe = new SmtpProbe(parsed.GetRequiredValue(host))
                {
                    CaFile = parsed.GetValue(caFile),
                    Fingerprint = parsed.GetValue(fingerprint),
                    User = parsed.GetValue(user),
                    IsToken = parsed.GetValue(token),
                    From = EmailAddress.Parse(parsed.GetValue(from)),
                    To = EmailAddress.Parse(parsed.GetValue(to)),
                };
                if (ErrorOf(probe, parsed.GetValue(port), parsed.GetValue(from), parsed.GetValue(to)) is { } error)
                {
                    return CommandOutput.Failed(error).Print(parsed);
                }

                if (probe.User is not null)
                {
                    probe = probe with { Secret = ReadSecret(CommandConsole.Of(parsed)) };
                    if (probe.Secret is not { Length: > 0 })
                    {
                        return CommandOutput
                            .Failed($"Give the password in the variable {SecretVariable}, or type it into standard input.")
                            .Print(parsed);
                    }
                }

                IReadOnlyList<SmtpPortReport> ports = parsed.GetValue(port) is { } one
                    ? [await SmtpCheck.TryAsync(probe, one, parsed.GetValue(tls) || one == SmtpOptions.TlsPort, ct)]
                    : await SmtpCheck.TryAllAsync(probe, ct);
                var best = SmtpCheck.Best(ports);
                var settings = best is null ? null : SettingsOf(probe, best);
                return new CommandOutput(
                    new { ports, settings },
                    string.Join('\n', ports.Select(Describe)) + "\n\n" + Sentence(probe, settings),
                    best is null ? 1 : 0
                ).Print(parsed);
            }
        );
        return new("smtp", "Mail servers") { check };
    }

    private static string? ErrorOf(SmtpProbe probe, int? port, string? from, string? to) =>
        Uri.CheckHostName(probe.Host) == UriHostNameType.Unknown
            ? "HOST is the name or address of a mail server alone, such as smtp.example.org."
        : port is < 1 or > 65_535 ? "--port is a port number, such as 587."
        : probe.CaFile is { } file && SmtpTrust.ErrorOf(file) is { } unreadable ? unreadable
        : probe.Fingerprint is { } digits && SmtpTrust.ReadFingerprint(digits) is null
            ? "--fingerprint is the SHA-256 fingerprint of a certificate: 64 hexadecimal digits."
        : (probe.From is null, probe.To is null) is not ((true, true) or (false, false)) || (from ?? to) is not null && probe.To is null
            ? "--from and --to are one address each, and belong together."
        : probe.IsToken && probe.User is null ? "--oauth needs --user: the mailbox that signs in."
        : null;

    /// <summary>Never of an argument: everybody on the machine can read those.</summary>
    private static string? ReadSecret(CommandConsole console)
    {
        if (Environment.GetEnvironmentVariable(SecretVariable) is { Length: > 0 } given)
        {
            return given;
        }

        if (console.Input != System.Console.In || System.Console.IsInputRedirected)
        {
            return console.Input.ReadLine()?.Trim();
        }

        console.Error.Write("Password: ");
        var typed = new StringBuilder();
        while (System.Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                typed.Append(key.KeyChar);
            }
            else if (typed.Length > 0)
            {
                typed.Length--;
            }
        }

        console.Error.WriteLine();
        return typed.ToString();
    }

    private static Dictionary<string, string> SettingsOf(SmtpProbe probe, SmtpPortReport best)
    {
        var settings = new Dictionary<string, string>
        {
            ["Mail__Smtp__Host"] = probe.Host,
            ["Mail__Smtp__Port"] = best.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["Mail__Smtp__Security"] = best.Security,
        };
        foreach (var (name, value) in new[] { ("User", probe.User), ("CaFile", probe.CaFile), ("Fingerprint", probe.Fingerprint) })
        {
            if (value is not null)
            {
                settings["Mail__Smtp__" + name] = value;
            }
        }

        return settings;
    }

    private static string Sentence(SmtpProbe probe, Dictionary<string, string>? settings)
    {
        if (settings is null)
        {
            return $"No port of {probe.Host} can be used from here.";
        }

        var written = string.Join(", ", settings.Select(setting => $"{setting.Key}={setting.Value}"));
        var secret =
            probe.User is null ? ""
            : probe.IsToken ? ", with Mail__Smtp__OAuth__TokenUrl, __ClientId and what else your provider asks for"
            : ", with the password in Mail__Smtp__Password";
        return $"Write {written}{secret}.";
    }

    private static string Describe(SmtpPortReport port)
    {
        if (!port.Reachable)
        {
            return $"{port.Port, 5}  not reachable  {port.Error}";
        }

        string[] said =
        [
            port.Error is null ? "works" : "reachable, but: " + port.Error,
            port.SignedIn == true ? "signed in" : "",
            port.Note ?? "",
            port.IsSecure
                ? port.OffersStartTls
                    ? "STARTTLS"
                    : "TLS"
                : "no encryption",
            port.Certificate is { } certificate
                ? $"certificate of {certificate.Subject} until {certificate.ExpiresAt:yyyy-MM-dd}, fingerprint {certificate.Fingerprint}"
                : "",
            port.SignIn.Count > 0 ? "sign in: " + string.Join(", ", port.SignIn) : "no sign-in",
            port.Greeting ?? "",
        ];
        return $"{port.Port, 5}  {string.Join("; ", said.Where(text => text.Length > 0))}";
    }
}
