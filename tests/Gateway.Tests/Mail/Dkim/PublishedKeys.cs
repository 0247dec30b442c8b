using MimeKit;
using MimeKit.Cryptography;
using Org.BouncyCastle.Crypto;

namespace Gateway.Tests.Mail.Dkim;

/// <summary>Verifies signatures with the records that were to be published.</summary>
internal sealed class PublishedKeys : DkimPublicKeyLocatorBase
{
    /// <summary>By the name that a verifier asks for.</summary>
    public Dictionary<string, string> Records { get; } = [];

    /// <returns>Whether each signature of the mail verifies.</returns>
    public async Task<IReadOnlyList<bool>> VerifyAsync(MimeMessage mail)
    {
        var verifier = new DkimVerifier(this);
        var verified = new List<bool>();
        foreach (var signature in mail.Headers.Where(header => header.Id == HeaderId.DkimSignature).ToList())
        {
            verified.Add(await verifier.VerifyAsync(mail, signature));
        }

        return verified;
    }

    public override AsymmetricKeyParameter LocatePublicKey(
        string methods,
        string domain,
        string selector,
        CancellationToken cancellationToken = default
    ) => GetPublicKey(Records[$"{selector}._domainkey.{domain}"]);

    public override Task<AsymmetricKeyParameter> LocatePublicKeyAsync(
        string methods,
        string domain,
        string selector,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(LocatePublicKey(methods, domain, selector, cancellationToken));
}
