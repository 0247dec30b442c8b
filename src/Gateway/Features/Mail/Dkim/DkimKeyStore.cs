using System.Globalization;
using System.Security.Cryptography;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace Gateway.Features.Mail.Dkim;

/// <summary>Makes the keys that mails are signed with, and says which of them signs.</summary>
internal sealed class DkimKeyStore(GatewayDb db, SecretEncryption encryption, TimeProvider clock)
{
    public const string Rsa = "rsa";
    public const string Ed25519 = "ed25519";

    /// <summary>Longer keys do not fit into one string of a TXT record, and many servers verify no longer ones (RFC 8301).</summary>
    private const int RsaBits = 2048;

    public Task<List<DkimKey>> OfDomainAsync(string domain, CancellationToken ct) =>
        db.DkimKeys.AsNoTracking().Where(key => key.Domain == domain).OrderBy(key => key.Id).ToListAsync(ct);

    /// <returns>Those that sign, of all domains, with what they sign with.</returns>
    public async Task<IReadOnlyList<DkimSecret>> SigningAsync(CancellationToken ct) =>
        (
            await db.DkimKeys.AsNoTracking().Where(key => key.State == DkimKeyState.Signing).OrderBy(key => key.Id).ToListAsync(ct)
        ).ConvertAll(key => new DkimSecret(key.Domain, key.Selector, key.Kind, Open(key)));

    /// <summary>
    /// Makes a key of each kind. It signs nothing until its record is published and <see cref="SignAsync"/> says so. Inside the caller's
    /// transaction.
    /// </summary>
    /// <param name="kinds"><see cref="Rsa"/> and <see cref="Ed25519"/>.</param>
    public async Task<Result<IReadOnlyList<DkimKey>>> PrepareAsync(string domain, IReadOnlyCollection<string> kinds, CancellationToken ct)
    {
        var known = await OfDomainAsync(domain, ct);
        if (known.Exists(key => key.State == DkimKeyState.Prepared))
        {
            return new Refusal(
                RefusalKind.Conflict,
                "already_prepared",
                $"There are keys of {domain} that do not sign yet. Publish their records, then: gateway domain key {domain} "
                    + "--sign. To make others "
                    + "instead, take these away first: --discard."
            );
        }

        var now = clock.GetUtcNow();
        var made = kinds.Select(kind => Make(domain, kind, known, now)).ToList();
        db.DkimKeys.AddRange(made);
        await db.SaveChangesAsync(ct);
        return made;
    }

    /// <summary>From now on the prepared keys sign, and those that did cease. Inside the caller's transaction.</summary>
    /// <returns>How many sign now; none when nothing was prepared.</returns>
    public async Task<int> SignAsync(string domain, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var prepared = db.DkimKeys.Where(key => key.Domain == domain && key.State == DkimKeyState.Prepared);
        var ids = await prepared.Select(key => key.Id).ToListAsync(ct);

        // First these: somebody else who switches them on at this moment must not have them retired.
        var signing = await prepared
            .Where(key => ids.Contains(key.Id))
            .ExecuteUpdateAsync(
                set => set.SetProperty(key => key.State, DkimKeyState.Signing).SetProperty(key => key.ChangedAt, now),
                ct
            );
        if (signing > 0)
        {
            await RetireAsync(domain, now, ct, except: ids);
        }

        return signing;
    }

    /// <summary>The domain's mails are signed no more. Inside the caller's transaction.</summary>
    /// <returns>How many keys ceased to sign.</returns>
    public Task<int> StopAsync(string domain, CancellationToken ct) => RetireAsync(domain, clock.GetUtcNow().UtcDateTime, ct);

    /// <summary>Takes away keys that never signed. Inside the caller's transaction.</summary>
    public Task<int> DiscardAsync(string domain, CancellationToken ct) =>
        db.DkimKeys.Where(key => key.Domain == domain && key.State == DkimKeyState.Prepared).ExecuteDeleteAsync(ct);

    /// <returns>Null when it was encrypted under another master key.</returns>
    private string? Open(DkimKey key)
    {
        try
        {
            return key.ProtectedKey is { } stored ? encryption.Unprotect(stored) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private Task<int> RetireAsync(string domain, DateTime now, CancellationToken ct, IReadOnlyCollection<Guid>? except = null) =>
        db
            .DkimKeys.Where(key => key.Domain == domain && key.State == DkimKeyState.Signing)
            .Where(key => except == null || !except.Contains(key.Id))
            .ExecuteUpdateAsync(
                set =>
                    set.SetProperty(key => key.State, DkimKeyState.Retired)
                        .SetProperty(key => key.ChangedAt, now)
                        .SetProperty(key => key.ProtectedKey, (string?)null),
                ct
            );

    private DkimKey Make(string domain, string kind, List<DkimKey> known, DateTimeOffset now)
    {
        var (secret, published) = kind == Ed25519 ? NewEd25519() : NewRsa();
        return new()
        {
            Id = Guid.CreateVersion7(now),
            Domain = domain,
            Selector = SelectorOf(kind, known, now),
            Kind = kind,
            PublicKey = published,
            ProtectedKey = encryption.Protect(secret),
            CreatedAt = now.UtcDateTime,
        };
    }

    /// <summary>Such as <c>gw-20261129-rsa</c>; a second one of that day has a number.</summary>
    private static string SelectorOf(string kind, List<DkimKey> known, DateTimeOffset now)
    {
        var name = $"gw-{now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)}-{kind}";
        var selector = name;
        for (var more = 2; known.Exists(key => key.Selector == selector); more++)
        {
            selector = $"{name}-{more}";
        }

        return selector;
    }

    private static (string Secret, string Published) NewRsa()
    {
        using var rsa = RSA.Create(RsaBits);
        return (Convert.ToBase64String(rsa.ExportPkcs8PrivateKey()), Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()));
    }

    /// <summary>RFC 8463: the bare 32 bytes are published. .NET has no Ed25519.</summary>
    private static (string Secret, string Published) NewEd25519()
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new KeyGenerationParameters(new SecureRandom(), 256));
        var pair = generator.GenerateKeyPair();
        return (
            Convert.ToBase64String(PrivateKeyInfoFactory.CreatePrivateKeyInfo(pair.Private).GetEncoded()),
            Convert.ToBase64String(((Ed25519PublicKeyParameters)pair.Public).GetEncoded())
        );
    }
}

/// <param name="Key">PKCS #8, base64; null when it cannot be decrypted.</param>
internal sealed record DkimSecret(string Domain, string Selector, string Kind, string? Key)
{
    /// <summary>Without the key, which belongs in no log.</summary>
    public override string ToString() => $"{Selector}._domainkey.{Domain}";
}
