using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Http;
using Gateway.Infrastructure.Security;

namespace Gateway.Features.Sms.Receipts;

/// <summary>
/// Brevo signs nothing. So the address that a send call names for its receipts holds a key, made for this very call from the master key:
/// who knows one may speak of this message alone.
/// </summary>
internal sealed class BrevoCallbackKeys(MasterKey master)
{
    private const int Bytes = 18;

    private readonly byte[] _key = master.Derive("sms callbacks");

    public string Of(SmsMessage sms) =>
        Of(
            PublicId.Format(PublicId.Site, sms.SiteId),
            PublicId.Format(PublicId.Sms, sms.Id),
            sms.Tries.ToString(CultureInfo.InvariantCulture)
        );

    public bool IsOf(string site, string? sms, string? call, string? key) =>
        Secrets.Same(Encoding.UTF8.GetBytes(Of(site, sms ?? "", call ?? "")), Encoding.UTF8.GetBytes(key ?? ""));

    private string Of(string site, string sms, string call) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{site} {sms} {call}")).AsSpan(0, Bytes));
}
