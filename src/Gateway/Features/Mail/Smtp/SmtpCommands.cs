using System.CommandLine;
using Gateway.Infrastructure.Commands;

namespace Gateway.Features.Mail.Smtp;

/// <summary><c>smtp check HOST</c>: which ports of a mail server work from here.</summary>
internal static class SmtpCommands
{
    public static Command All()
    {
        var host = new Argument<string>("HOST") { Description = "The mail server, such as smtp.example.org" };
        var caFile = new Option<string?>("--ca-file") { Description = "A PEM file with authorities to trust, as Mail__Smtp__CaFile" };
        var check = new Command("check", "Try the ports of a mail server, without sending anything") { host, caFile };
        check.SetAction(
            async (parsed, ct) =>
            {
                if (parsed.GetValue(caFile) is { } file && SmtpTrust.ErrorOf(file) is { } unreadable)
                {
                    return CommandOutput.Failed(unreadable).Print(parsed);
                }

                var server = parsed.GetRequiredValue(host);
                if (Uri.CheckHostName(server) == UriHostNameType.Unknown)
                {
                    return CommandOutput
                        .Failed("HOST is the name or address of a mail server alone, such as smtp.example.org.")
                        .Print(parsed);
                }

                var ports = await SmtpCheck.TryAllAsync(server, parsed.GetValue(caFile), ct);
                return new CommandOutput(
                    ports,
                    string.Join('\n', ports.Select(Describe)),
                    ports.Any(port => port.Error is null) ? 0 : 1
                ).Print(parsed);
            }
        );
        return new("smtp", "Mail servers") { check };
    }

    private static string Describe(SmtpPortReport port)
    {
        if (!port.Reachable)
        {
            return $"{port.Port,5}  not reachable  {port.Error}";
        }

        string[] said =
        [
            port.Error is null ? "works" : "reachable, but: " + port.Error,
            port.IsSecure
                ? port.OffersStartTls
                    ? "STARTTLS"
                    : "TLS"
                : "no encryption",
            port.Certificate is { } certificate ? $"certificate of {certificate.Subject} until {certificate.ExpiresAt:yyyy-MM-dd}" : "",
            port.SignIn.Count > 0 ? "sign in: " + string.Join(", ", port.SignIn) : "no sign-in",
            port.Greeting ?? "",
        ];
        return $"{port.Port,5}  {string.Join("; ", said.Where(text => text.Length > 0))}";
    }
}
