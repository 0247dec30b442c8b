using System.Net.Sockets;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Http;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Gateway.Features.Mail.Smtp;

/// <summary>What can go wrong with a server, in sentences for its operator, without anybody's address.</summary>
internal static partial class SmtpErrors
{
    private const int Longest = 500;

    /// <summary>Servers say these of any recipient: nothing bad follows, and <c>User unknown</c> says nothing without them.</summary>
    private static readonly HashSet<string> Harmless = new(
        ["user", "mailbox", "account", "address", "recipient", "unknown", "invalid", "exist", "found", "here"],
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Runs the steps of opening a connection.</summary>
    /// <param name="open">Returns the sentence of an error it found itself, or null.</param>
    /// <returns>Null when it is open.</returns>
    public static async Task<string?> OfOpeningAsync(string server, Func<Task<string?>> open, CancellationToken ct)
    {
        try
        {
            return await open();
        }
        catch (AuthenticationException refused)
        {
            return SmtpAnswers.IsPasswordEnded(refused.InnerException?.Message ?? refused.Message)
                ? $"The server at {server} takes no passwords: {SmtpAnswers.TakeTokens}"
                : $"The server at {server} refuses the user or password: check Mail__Smtp__User and Mail__Smtp__Password.";
        }
        catch (SslHandshakeException)
        {
            // A certificate that was refused has a sentence of its own (SmtpTrust).
            return $"No safe connection to the server at {server}: the port speaks no TLS, or not from the start. Set Mail__Smtp__Security "
                + "to starttls or auto, or take port 465.";
        }
        catch (NotSupportedException)
        {
            return $"The server at {server} offers no STARTTLS on this port, but Mail__Smtp__Security is starttls.";
        }
        catch (SmtpCommandException answer) when (SmtpAnswers.IsGreylisted((int)answer.StatusCode, answer.Message))
        {
            return Clean(
                $"The server at {server} does not know us yet and asks to come again later (greylisting), which is no fault: "
                    + $"{(int)answer.StatusCode} {answer.Message}"
            );
        }
        catch (SmtpCommandException answer)
        {
            return Clean($"The server at {server} does not serve us: {(int)answer.StatusCode} {answer.Message}");
        }
        catch (ForbiddenTargetException)
        {
            return $"The server at {server} leads to no address that may be reached: a server on the public internet is needed.";
        }
        catch (SocketException unreached)
        {
            return $"The server at {server} cannot be reached: {unreached.SocketErrorCode}.";
        }
        catch (Exception lost) when (lost is IOException or SmtpProtocolException)
        {
            return $"The server at {server} hung up while we introduced ourselves. Does this port speak SMTP, and with this "
                + "Mail__Smtp__Security?";
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"The server at {server} did not answer in time.";
        }
    }

    /// <summary>Whether a server turns a connection away because there are too many: 421, or other codes with these words.</summary>
    public static bool IsFull(int code, string said) => code == 421 || (code is >= 400 and < 600 && IsCrowded(said));

    /// <summary>Whether a server speaks of too many connections, or too many of anything.</summary>
    public static bool IsCrowded(string said) => said.Contains("too many", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A server's words on one line, without the addresses that servers like to repeat, and without links and telephone numbers: they may
    /// be a stranger's words, and whoever reads them looks for help.
    /// </summary>
    public static string Clean(string said)
    {
        var line = Address().Replace(Breaks().Replace(said, " "), "<…>").Trim();
        line = Telephone().Replace(Link().Replace(line, "<link>"), "<number>");
        return line.Length <= Longest ? line : line[..Longest];
    }

    /// <summary>
    /// Takes out of a server's words what it repeats of the recipient: the address, its parts, and what stands before a plus. Who typed it
    /// may have chosen words that would mean something in an answer, such as <c>spamhaus@…</c>.
    /// </summary>
    public static string Without(string said, MailboxAddress recipient)
    {
        var local = recipient.LocalPart.Trim('"');
        var encoded = MailboxAddress.EncodeAddrspec(recipient.Address);
        string[] repeated =
        [
            recipient.Address,
            encoded,
            recipient.Domain,
            encoded[(encoded.LastIndexOf('@') + 1)..],
            recipient.LocalPart,
            local,
            .. local.Split('+'),
        ];
        var parts = repeated
            .Where(part => part.Length > 1 && !Harmless.Contains(part))
            .Distinct()
            .OrderByDescending(part => part.Length)
            .Select(Regex.Escape);
        return Regex.Replace(said, $@"(?<!\w)({string.Join('|', parts)})(?!\w)", "…", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1));
    }

    [GeneratedRegex(@"<?[^\s<>""]+@[^\s<>""]*[^\s<>"".,:;]>?")]
    private static partial Regex Address();

    [GeneratedRegex(@"\b(https?://|www\.)[^\s<>""]+", RegexOptions.IgnoreCase)]
    private static partial Regex Link();

    [GeneratedRegex(@"\+\d[\d ().-]{6,}\d")]
    private static partial Regex Telephone();

    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Breaks();
}
