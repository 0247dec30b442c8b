using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Sms.Receipts;

/// <summary>
/// The signature on Twilio's callbacks: an HMAC over the address it called and every field of the form. The check of Twilio's package is
/// not used: it refuses an address of ours that names port 443 when Twilio signed it without, and a form that holds a field twice.
/// </summary>
internal static class TwilioSignature
{
    public const string Header = "X-Twilio-Signature";

    /// <param name="publicBase">The gateway's address as Twilio sees it; proxies may have changed what arrives here.</param>
    /// <param name="pathAndQuery">As they were called.</param>
    public static bool IsValid(
        TwilioSigner signer,
        string publicBase,
        string pathAndQuery,
        IEnumerable<KeyValuePair<string, string>> form,
        string signature
    )
    {
        // Twilio signs some addresses with their port and some without.
        var origin = new Uri(publicBase);
        string[] bases = [publicBase, $"{origin.Scheme}://{origin.Host}", $"{origin.Scheme}://{origin.Host}:{origin.Port}"];
        var given = Encoding.UTF8.GetBytes(signature);
        return bases.Any(known => Secrets.Same(Encoding.UTF8.GetBytes(Sign(signer, known + pathAndQuery, form)), given));
    }

    /// <param name="form">Names that differ only in their case are different names.</param>
    public static string Sign(TwilioSigner signer, string url, IEnumerable<KeyValuePair<string, string>> form)
    {
        var signed = new StringBuilder(url);
        var ordinal = StringComparer.Ordinal;
        foreach (var (key, value) in form.Distinct().OrderBy(field => field.Key, ordinal).ThenBy(field => field.Value, ordinal))
        {
            signed.Append(key).Append(value);
        }

        // One of the two ways is SHA-1; in an HMAC that is still sound.
        var (secret, text) = (Encoding.UTF8.GetBytes(signer.Secret), Encoding.UTF8.GetBytes(signed.ToString()));
        return Convert.ToBase64String(CryptographicOperations.HmacData(signer.Hash, secret, text));
    }
}
