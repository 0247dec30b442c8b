using System.Numerics;
using System.Security.Cryptography;
using Gateway.Infrastructure.Security;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Features.Contacts;

/// <summary>
/// The key that signs evidence that leaves the gateway. It is made from the master key and so the same in every process, before and after a
/// move. Its public half may be given to anybody: it is what they check evidence with.
/// </summary>
internal sealed class EvidenceKey(MasterKey master) : IDisposable
{
    /// <summary>How many keys P-256 has, and one: the order of its group (NIST SP 800-186, section 3.2.1.3).</summary>
    private static readonly BigInteger Order = BigInteger.Parse(
        "115792089210356248762697446949407573529996955224135760342422259061068512044369",
        System.Globalization.CultureInfo.InvariantCulture
    );

    private readonly ECDsa _key = ECDsa.Create(
        new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = Scalar(master.Derive("evidence"), master.Derive("evidence, rest")) }
    );

    public SigningCredentials Credentials => new(new ECDsaSecurityKey(_key) { KeyId = Fingerprint }, SecurityAlgorithms.EcdsaSha256);

    /// <summary>In PEM form, as a file that everything reads that knows keys.</summary>
    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    /// <summary>SHA-256 over the public half as DER (SubjectPublicKeyInfo), in hexadecimal.</summary>
    public string Fingerprint => FingerprintOf(_key);

    public static string FingerprintOf(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    public void Dispose() => _key.Dispose();

    /// <summary>From 1 to the order less one. 512 bits for 256, so that none is likelier than another (FIPS 186-5, A.2.1).</summary>
    private static byte[] Scalar(byte[] high, byte[] low)
    {
        var bits = new BigInteger((byte[])[.. high, .. low], isUnsigned: true, isBigEndian: true);
        var scalar = (bits % (Order - 1)) + 1;
        var bytes = new byte[32];
        var length = scalar.GetByteCount(isUnsigned: true);
        scalar.TryWriteBytes(bytes.AsSpan(32 - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}
