using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gateway.Infrastructure.Data;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Infrastructure.Security;

/// <summary>
/// The one secret outside the database. Its certificate protects the key ring, and keys for hashes that must not be recomputed from a
/// stolen
/// database are derived from it. Without the file a backup opens nothing.
/// </summary>
internal sealed class MasterKey
{
    private readonly string _path;
    private readonly bool _isNew;
    private string _pem;
    private byte[] _privateKey;

    private MasterKey(string path, string pem, bool isNew)
    {
        _path = path;
        _isNew = isNew;
        Take(pem);
    }

    /// <summary>Its one certificate. <see cref="EnsureAsync"/> settles which it is; until then whoever needs it keeps the array.</summary>
    public X509Certificate2[] Certificates { get; } = new X509Certificate2[1];

    /// <summary>Reads the file; where there is none, makes a key that <see cref="EnsureAsync"/> writes if the database is as new.</summary>
    /// <exception cref="StartupError">The file cannot be read, or is no key.</exception>
    public static MasterKey Open(string path)
    {
        if (!File.Exists(path))
        {
            return new MasterKey(path, NewPem(), isNew: true);
        }

        try
        {
            return new MasterKey(path, File.ReadAllText(path), isNew: false);
        }
        catch (Exception unreadable) when (unreadable is CryptographicException or ArgumentException)
        {
            throw new StartupError(
                $"Gateway__MasterKeyFile names {path}, which is not a master key: a certificate and its private RSA key in PEM form. If "
                    + "the database is new, make one with `gateway key master FILE`; else put the right file back."
            );
        }
        catch (Exception unreadable) when (unreadable is UnauthorizedAccessException or IOException)
        {
            throw new StartupError($"Gateway__MasterKeyFile names {path}, which this user may not read. Run this as the server's user.");
        }
    }

    /// <summary>Writes a new master key that only its owner may read. It never replaces a file.</summary>
    public static void Create(string path) => Write(path, NewPem());

    /// <returns>32 bytes that belong to one use, such as <c>ledger</c>.</returns>
    public byte[] Derive(string use) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _privateKey, 32, info: System.Text.Encoding.UTF8.GetBytes("gateway " + use));

    /// <summary>
    /// Keeps a new key while the key ring is empty. A ring without its key is a mistake that a fresh key would only hide. Where another
    /// process that started at the same moment was quicker, its key is the one.
    /// </summary>
    /// <exception cref="StartupError">The key is missing but the database already needs it.</exception>
    public async Task EnsureAsync(GatewayDb db, CancellationToken ct)
    {
        if (!_isNew)
        {
            return;
        }

        // Whoever filled the ring wrote the file before, so the file is looked at after it.
        if (await db.DataProtectionKeys.AnyAsync(ct) && !File.Exists(_path))
        {
            throw new StartupError(
                $"The master key {_path} is missing, but the database holds keys that only it opens. Put the file back (setting "
                    + "Gateway__MasterKeyFile)."
            );
        }

        try
        {
            Write(_path, _pem);
        }
        catch (IOException) when (File.Exists(_path))
        {
            Take(await File.ReadAllTextAsync(_path, ct));
        }
    }

    /// <summary>Whether it is the key that protects the key ring of this database; true of an empty ring.</summary>
    public async Task<bool> OpensAsync(GatewayDb db, CancellationToken ct)
    {
        // Each key of the ring is encrypted for a certificate that stands beside it.
        var mine = Convert.ToBase64String(Certificates[0].RawData);
        var ring = await db.DataProtectionKeys.AsNoTracking().Select(key => key.Xml).ToListAsync(ct);
        return ring.Count == 0 || ring.Exists(key => key?.Contains(mine, StringComparison.Ordinal) == true);
    }

    [MemberNotNull(nameof(_pem), nameof(_privateKey))]
    private void Take(string pem)
    {
        _pem = pem;
        Certificates[0] = X509Certificate2.CreateFromPem(pem, pem);
        using var rsa = Certificates[0].GetRSAPrivateKey() ?? throw new CryptographicException("The master key holds no RSA key.");
        _privateKey = rsa.ExportPkcs8PrivateKey();
    }

    /// <summary>The file is there whole or not at all, for whoever reads it meanwhile.</summary>
    private static void Write(string path, string pem)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var whole = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = new StreamWriter(whole, options))
            {
                file.Write(pem);
            }

            File.Move(whole, path);
        }
        finally
        {
            File.Delete(whole);
        }
    }

    private static string NewPem()
    {
        using var rsa = RSA.Create(3072);
        var request = new CertificateRequest("CN=Gateway master key", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(100));
        return certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem() + "\n";
    }
}

/// <summary>Something that stops the start, told to the operator in sentences and without a stack trace.</summary>
internal sealed class StartupError(params IReadOnlyList<string> sentences) : Exception(string.Join(' ', sentences))
{
    public IReadOnlyList<string> Sentences => sentences;
}
