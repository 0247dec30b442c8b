using System.Security.Cryptography;
using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Security;

namespace Gateway.Features.Mail.Dkim;

/// <summary>Signs mails with DKIM (RFC 6376, RFC 8463).</summary>
internal static class MailSigner
{
    /// <summary>
    /// What is signed where it is there; the unsubscribe headers as RFC 8058 asks. A name stands here once more than the mail has such a
    /// header, so that nobody can add one (RFC 6376, section 8.15).
    /// </summary>
    private static readonly string[] Signed =
    [
        "From",
        "To",
        "Reply-To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "List-Id",
        "Auto-Submitted",
        "Feedback-ID",
    ];

    private static readonly string[] Oversigned = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Type"];

    /// <param name="signers">One for each signature.</param>
    /// <param name="format">The one that the mail goes over the wire in: with SMTPUTF8 its headers have other bytes.</param>
    public static void Sign(MimeMessage mail, IReadOnlyList<DkimSigner> signers, FormatOptions format)
    {
        if (format.International)
        {
            Settle(mail, format);
        }

        string[] names =
        [
            .. Signed.Where(name => mail.Headers.Contains(name) || mail.Body?.Headers.Contains(name) == true),
            .. Oversigned,
        ];
        foreach (var signer in signers)
        {
            signer.Sign(format, mail, names);
        }
    }

    /// <summary>
    /// Gives each header the bytes that it goes over the wire with. MimeKit makes them anew each time a header is written, for SMTPUTF8
    /// others than it signs.
    /// </summary>
    private static void Settle(MimeMessage mail, FormatOptions format)
    {
        foreach (var header in mail.Headers.ToList())
        {
            using var written = new MemoryStream();
            new HeaderList { header.Clone() }.WriteTo(format, written);
            var bytes = written.ToArray();
            var value = bytes.AsSpan(Array.IndexOf(bytes, (byte)':') + 1).TrimEnd("\r\n"u8).ToArray();
            header.SetRawValue([.. value, (byte)'\r', (byte)'\n']);
        }
    }

    public static DkimSigner OfEd25519(DkimSecret secret) =>
        Usual(
            new DkimSigner(
                PrivateKeyFactory.CreateKey(Convert.FromBase64String(secret.Key!)),
                secret.Domain,
                secret.Selector,
                DkimSignatureAlgorithm.Ed25519Sha256
            )
        );

    public static DkimSigner OfRsa(DkimSecret secret)
    {
        var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(Convert.FromBase64String(secret.Key!), out _);
        return Usual(new RsaSigner(rsa, secret));
    }

    private static DkimSigner Usual(DkimSigner signer)
    {
        // Servers fold and trim headers on the way; "simple" would not survive that.
        signer.HeaderCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
        signer.BodyCanonicalizationAlgorithm = DkimCanonicalizationAlgorithm.Relaxed;
        return signer;
    }

    /// <summary>The key of .NET signs many times faster than the one that MimeKit would use.</summary>
    private sealed class RsaSigner(RSA rsa, DkimSecret secret)
        : DkimSigner(Public(rsa), secret.Domain, secret.Selector, DkimSignatureAlgorithm.RsaSha256)
    {
        private readonly Lock _lock = new();

        protected override ISigner CreateSigningContext() => new Context(rsa, _lock);

        private static AsymmetricKeyParameter Public(RSA rsa) => PrivateKeyFactory.CreateKey(rsa.ExportPkcs8PrivateKey());
    }

    private sealed class Context(RSA rsa, Lock alone) : ISigner, IDisposable
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public string AlgorithmName => "SHA-256withRSA";

        public void Init(bool forSigning, ICipherParameters parameters) { }

        public void Update(byte input) => _hash.AppendData([input]);

        public void BlockUpdate(byte[] input, int inOff, int inLen) => _hash.AppendData(input, inOff, inLen);

        public void BlockUpdate(ReadOnlySpan<byte> input) => _hash.AppendData(input);

        public int GetMaxSignatureSize() => rsa.KeySize / 8;

        public byte[] GenerateSignature()
        {
            var digest = _hash.GetHashAndReset();
            lock (alone)
            {
                return rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            }
        }

        public bool VerifySignature(byte[] signature) => throw new NotSupportedException("It only signs.");

        public void Reset() => _hash.GetHashAndReset();

        public void Dispose() => _hash.Dispose();
    }
}
