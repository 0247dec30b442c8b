using System.Globalization;

namespace Gateway.Features.Contacts;

/// <summary>
/// The evidence about one person of a site, all of it from the chained bytes of the ledger. Public because Razor components are.
/// </summary>
/// <param name="SiteName">As the newest entry that names the site says it; the site's id when none does.</param>
public sealed record ConsentCertificate(string Site, string SiteName, string Contact, IReadOnlyList<ConsentCertificateEntry> Entries);

/// <param name="Kind"><c>confirmed</c>, <c>proven</c>, <c>unsubscribed</c>, <c>cancelled</c>, <c>removed</c>, <c>reopened</c>,
/// <c>bounced</c>, <c>complained</c>, <c>erased</c>.</param>
/// <param name="Facts">What was shown, where and when.</param>
/// <param name="Personal">Addresses, IP addresses, names; null once erased.</param>
/// <param name="Hash">Of the entry in the site's chain, in hexadecimal.</param>
public sealed record ConsentCertificateEntry(
    long Sequence,
    string Kind,
    DateTime OccurredAt,
    string? List,
    IReadOnlyDictionary<string, string?> Facts,
    IReadOnlyDictionary<string, string>? Personal,
    string Hash
)
{
    /// <summary>What happened, in a few words for people. A method, so that it stands in no JSON.</summary>
    public string Heading() => string.Format(CultureInfo.InvariantCulture, HeadingFormat(), List);

    /// <summary>The same, with <c>{0}</c> where the list is named.</summary>
    public string HeadingFormat() =>
        Kind switch
        {
            "confirmed" when Facts.GetValueOrDefault("source") == "repermission" => "Consented anew to “{0}”",
            "confirmed" => "Subscribed to “{0}”",
            "proven" => "Consent to “{0}” that was given elsewhere",
            "unsubscribed" => "Unsubscribed from “{0}”",
            "cancelled" => "Refused “{0}”: “this wasn't me”",
            "removed" => "Taken off “{0}” by the site",
            "complained" => "Ended for “{0}”: their mail provider says that they called mail of the site spam",
            "bounced" => "Ended for “{0}”: the mail server says that the address does not exist",
            "reopened" => "Took back “this wasn't me” about “{0}”",
            _ => "Erased",
        };
}
