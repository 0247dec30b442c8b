using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Sms.Receipts;

/// <summary>The signature on Twilio's callbacks: HMAC-SHA1 by the account's token over the address it called and every field of the form.</summary>
internal static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    /// <param name="publicBase">The gateway's address as Twilio sees it; proxies may have changed what arrives here.</param>
    /// <param name="pathAndQuery">As they were called.</param>
    public static bool IsValid(string token, string publicBase, string pathAndQuery, IReadOnlyCollection<KeyValuePair<string, string>> form, string signature)
    {
        // Twilio signs some addresses with their port and some without.
        var origin = new Uri(publicBase);
        string[] bases = [publicBase, $"{origin.Scheme}://{origin.Host}", $"{origin.Scheme}://{origin.Host}:{origin.Port}"];
        var given = Encoding.UTF8.GetBytes(signature);
        return bases.Any(known => Secrets.Same(Encoding.UTF8.GetBytes(Sign(token, known + pathAndQuery, form)), given));
    }

    /// <param name="form">Names that differ only in their case are different names.</param>
    public static string Sign(string token, string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        var signed = new StringBuilder(url);
        foreach (var (key, value) in form.Distinct().OrderBy(field => field.Key, StringComparer.Ordinal).ThenBy(field => field.Value, StringComparer.Ordinal))
        {
            signed.Append(key).Append(value);
        }

#pragma warning disable CA5350 // Twilio signs with SHA-1; in an HMAC that is still sound.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed.ToString())));
#pragma warning restore CA5350
    }
}
