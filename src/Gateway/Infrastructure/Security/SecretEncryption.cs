using Microsoft.AspNetCore.DataProtection;

namespace Gateway.Infrastructure.Security;

/// <summary>
/// Encrypts secrets that must be read back. The keys for that are in the database, and the master key outside of it protects them (<see
/// cref="SecuritySetup"/>).
/// </summary>
internal sealed class SecretEncryption(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("gateway.secrets.v1");

    public string Protect(string plain) => _protector.Protect(plain);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It was encrypted under another master key.</exception>
    public string Unprotect(string stored) => _protector.Unprotect(stored);
}
