using System.Net;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Mail.SenderDomains;

/// <summary>What is asked about a sender domain: the domain, and how its mails leave as far as that is known.</summary>
/// <param name="Domain">The domain in From, in ASCII and lower case.</param>
internal sealed record DomainQuestion(string Domain)
{
    /// <summary>Of DKIM, given by hand or read from a mail: each must be there.</summary>
    public IReadOnlyList<string> Selectors { get; init; } = [];

    /// <summary>The keys that this gateway signs with.</summary>
    public IReadOnlyList<OwnDkimRecord> OwnKeys { get; init; } = [];

    /// <summary>The domain in <c>d=</c> of the signature; null is <see cref="Domain"/>, as every provider offers.</summary>
    public string? SigningDomain { get; init; }

    /// <summary>The domain that mails come back to (MAIL FROM); null when it is not known.</summary>
    public string? ReturnPath { get; init; }

    /// <summary>Whether <see cref="SigningDomain"/> and <see cref="ReturnPath"/> were read from a mail that arrived.</summary>
    public bool IsFromMail { get; init; }

    /// <summary>The host that mails are handed to.</summary>
    public string? Relay { get; init; }

    /// <summary>The address that mails leave to the world from; null when it is not known.</summary>
    public IPAddress? SendingAddress { get; init; }

    /// <summary>Whether somebody said so; else it is where <see cref="Relay"/> takes mails, which may be another.</summary>
    public bool IsAddressGiven { get; init; }

    /// <param name="arrived">What a mail of the domain showed: it counts for more than what is set.</param>
    public DomainQuestion AsSeenIn(MailHeaders arrived) =>
        this with
        {
            IsFromMail = true,
            Selectors = arrived.Selector is null ? [] : [arrived.Selector],
            SigningDomain = arrived.SigningDomain,
            ReturnPath = arrived.ReturnPath ?? ReturnPath,
        };

    public MailProvider? Provider => MailProvider.Of(Relay);

    /// <param name="typed">A domain or an address, also with letters beyond ASCII.</param>
    /// <returns>Null when it is none.</returns>
    public static string? DomainOf(string typed)
    {
        var domain = typed.Trim().TrimEnd('.');
        return EmailAddress.Parse(domain.Contains('@') ? domain : "postmaster@" + domain)?.Key.Split('@')[^1];
    }
}

/// <param name="Value">The TXT record that belongs there.</param>
/// <param name="IsSigning">Whether mails are signed with it now; the record of one that comes next may still be missing.</param>
internal sealed record OwnDkimRecord(string Selector, string Value, bool IsSigning);
