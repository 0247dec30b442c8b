using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;
using Gateway.Infrastructure.Text;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Gateway.Features.Mail.MailEvents.BounceMailbox;

/// <summary>
/// Where a mail goes that comes back: an address of its own for each, <c>bounces+{message}{mac}@…</c> (VERP), so that it is known which one
/// came back whatever stands in the report. The MAC keeps strangers from making one up.
/// </summary>
internal sealed partial class ReturnPath(IOptions<MailOptions> options, MasterKey master)
{
    private const int IdDigits = 32;
    private const int MacBytes = 6;

    /// <summary>What is left of the 64 letters before the @ (RFC 5321, section 4.5.3.1.1).</summary>
    public const int MaxLocal = 64 - 1 - IdDigits - (2 * MacBytes);

    private readonly byte[] _key = master.Derive("return path");
    private readonly EmailAddress? _base = EmailAddress.Parse(options.Value.ReturnPath);

    private string AtDomain => _base!.Key[_base.Key.LastIndexOf('@')..];

    /// <returns>Null where no address is set: then it comes back to the sender.</returns>
    public MailboxAddress? Of(MimeMessage mail) => Guid.TryParseExact(mail.MessageId?.Split('@')[0], "N", out var id) ? Of(id) : null;

    /// <inheritdoc cref="Of(MimeMessage)"/>
    /// <param name="messageId">The message that comes back there.</param>
    public MailboxAddress? Of(Guid messageId) =>
        _base is null ? null : new("", _base.OnTheWire.Insert(_base.OnTheWire.LastIndexOf('@'), $"+{messageId:N}{Mac(messageId)}"));

    /// <summary>Whether mail to an address is about ours: it is the setting's own, or one that <see cref="Of(Guid)"/> made.</summary>
    public bool Takes(string address) =>
        _base is not null
        && EmailAddress.Parse(address)?.Key is { } key
        && (key == _base.Key || (key.EndsWith(AtDomain, StringComparison.Ordinal) && MessageIn([key]) is not null));

    /// <param name="texts">Headers that hold the address that a mail was delivered to.</param>
    /// <returns>The message that one of our return paths among them names, <c>msg_…</c>; null when there is none.</returns>
    public string? MessageIn(IEnumerable<string> texts)
    {
        foreach (var found in texts.SelectMany(text => Token().Matches(text)))
        {
            var id = Guid.ParseExact(found.Groups[1].Value, "N");
            if (Secrets.Same(Convert.FromHexString(found.Groups[2].Value), Convert.FromHexString(Mac(id))))
            {
                return PublicId.Format(PublicId.Message, id);
            }
        }

        return null;
    }

    private string Mac(Guid id) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, id.ToByteArray()).AsSpan(0, MacBytes));

    [GeneratedRegex(@"\+([0-9a-f]{32})([0-9a-f]{12})@", RegexOptions.IgnoreCase)]
    private static partial Regex Token();
}
