using System.Security.Cryptography;
using Gateway.Features.Sms.Twilio;
using Microsoft.Extensions.Primitives;
using Twilio.Security;

namespace Gateway.Features.Sms.Receipts;

/// <summary>Which secret of an account a callback is signed with, and how.</summary>
internal sealed record TwilioSigner(string Secret, HashAlgorithmName Hash)
{
    /// <summary>SHA-1 with the account's token, but where a callback says SHA-256: then with the shared key that it names.</summary>
    /// <param name="settings">What the callback says of it, such as <c>key=webhooks_sharedkey_1,algorithm=HMAC_SHA256</c>.</param>
    /// <returns>Null when the account has no such key, or the way it is signed is not known: no other may take its place.</returns>
    public static TwilioSigner? Of(TwilioOptions account, StringValues settings)
    {
        var said = settings
            .ToString()
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(field => field.Split('=', 2, StringSplitOptions.TrimEntries))
            .ToLookup(field => field[0], field => field[^1], StringComparer.OrdinalIgnoreCase);
        return said["algorithm"].ToList() switch
        {
            [] or [RequestValidator.HmacSha1] => new(account.AuthToken!, HashAlgorithmName.SHA1),
            [RequestValidator.HmacSha256] when said["key"].ToList() is [var name] && account.SharedKey(name) is { } secret => new(
                secret,
                HashAlgorithmName.SHA256
            ),
            _ => null,
        };
    }

    // A record would print its secret.
    public override string ToString() => Hash.ToString();
}
