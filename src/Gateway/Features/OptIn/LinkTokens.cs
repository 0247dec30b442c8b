using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.OptIn;

/// <summary>Makes the secrets of links and codes. Only hashes of them are stored.</summary>
internal sealed class LinkTokens(MasterKey master)
{
    /// <summary>Confirm links and codes live for a week, unless set otherwise.</summary>
    public static readonly TimeSpan ConfirmLifetime = TimeSpan.FromDays(7);

    /// <summary>Unsubscribe and preference links live for 400 days from the mail.</summary>
    public static readonly TimeSpan UnsubscribeLifetime = TimeSpan.FromDays(400);

    private const int TokenBytes = 24;
    private readonly byte[] _codeKey = master.Derive("code");

    /// <returns>The token for the link, and the row that knows it by its hash.</returns>
    public static (string Token, LinkToken Row) New(LinkPurpose purpose, Guid subscriptionId, Guid? requestId, DateTime expiresAt)
    {
        var token = Secrets.Random(TokenBytes);
        return (
            token,
            new LinkToken
            {
                Hash = Secrets.Hash(token),
                Purpose = purpose,
                SubscriptionId = subscriptionId,
                RequestId = requestId,
                ExpiresAt = expiresAt,
            }
        );
    }

    /// <returns>Eight digits.</returns>
    public static string NewCode() =>
        RandomNumberGenerator.GetInt32(100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>
    /// A plain hash of eight digits could be reversed by trying them all, hence the key; the request's id makes each different.
    /// </summary>
    public byte[] CodeHmac(Guid requestId, string code) => HMACSHA256.HashData(_codeKey, Encoding.UTF8.GetBytes($"{requestId:N}:{code}"));
}
