using System.Net;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>Where mail servers hand over the mails that come back, by SMTP; section <c>Mail:BounceListener</c>.</summary>
internal sealed class BounceListenerOptions
{
    /// <summary>Null listens nowhere.</summary>
    public int? Port { get; set; }

    /// <summary>An address of this machine. The line is not encrypted, so only a network of one's own should reach it.</summary>
    public string Address { get; set; } = "127.0.0.1";

    public bool IsConfigured => Port is not null;

    public IPEndPoint Endpoint => new(IPAddress.Parse(Address), Port!.Value);

    /// <param name="returnPath">The setting <c>Mail__ReturnPath</c>.</param>
    /// <returns>A sentence for each setting that cannot work.</returns>
    public IEnumerable<string> Errors(string? returnPath)
    {
        if (!IsConfigured)
        {
            yield break;
        }

        if (Port is < 1 or > 65_535)
        {
            yield return "Mail__BounceListener__Port must be a port number, such as 2525.";
        }

        if (!IPAddress.TryParse(Address, out _))
        {
            yield return "Mail__BounceListener__Address must be an IP address of this machine, such as 127.0.0.1.";
        }

        if (returnPath is not { Length: > 0 })
        {
            yield return "Mail__ReturnPath must be set with Mail__BounceListener__Port: only mails to that address are taken.";
        }
    }
}
