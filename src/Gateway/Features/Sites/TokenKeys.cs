using System.Security.Cryptography;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Features.Sites;

/// <summary>
/// The keys that sign access tokens, shared by all replicas through the database. A key signs for 30 days and verifies for another day;
/// a replica that meets a key id it does not know reads again.
/// </summary>
internal sealed class TokenKeys(IServiceScopeFactory scopes, SecretEncryption secrets, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan SignsFor = TimeSpan.FromDays(30);
    private static readonly TimeSpan LooksAgainAfter = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile List<KnownKey> _keys = [];
    private DateTimeOffset _readAt;

    public async Task<ECDsaSecurityKey> CurrentAsync(CancellationToken ct) => Current() ?? await MakeAsync(ct);

    /// <summary>The keys that verify tokens at this moment.</summary>
    public IEnumerable<SecurityKey> Known =>
        _keys
            .Where(known => known.CreatedAt + SignsFor + TimeSpan.FromDays(1) > clock.GetUtcNow().UtcDateTime)
            .Select(known => known.Key);

    /// <summary>Reads the keys again when this one is not known; another replica may have made it.</summary>
    public async Task LearnAsync(string keyId, CancellationToken ct)
    {
        if (!_keys.Any(known => known.Key.KeyId == keyId) && clock.GetUtcNow() - _readAt > LooksAgainAfter)
        {
            await ReadAsync(ct);
        }
    }

    public void Dispose() => _reading.Dispose();

    private ECDsaSecurityKey? Current() =>
        _keys is [.., var newest] && newest.CreatedAt + SignsFor > clock.GetUtcNow().UtcDateTime ? newest.Key : null;

    private async Task<ECDsaSecurityKey> MakeAsync(CancellationToken ct)
    {
        await ReadAsync(ct);
        if (Current() is { } key)
        {
            return key;
        }

        using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using (var scope = scopes.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
            await db.WriteAsync(
                async () =>
                {
                    db.SigningKeys.Add(
                        new()
                        {
                            Id = Guid.CreateVersion7(clock.GetUtcNow()),
                            ProtectedKey = secrets.Protect(Convert.ToBase64String(fresh.ExportPkcs8PrivateKey())),
                            CreatedAt = clock.GetUtcNow().UtcDateTime,
                        }
                    );
                    await db.SaveChangesAsync(ct);
                },
                ct
            );
        }

        await ReadAsync(ct);
        return _keys[^1].Key;
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        await _reading.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var rows = await scope
                .ServiceProvider.GetRequiredService<GatewayDb>()
                .SigningKeys.AsNoTracking()
                .OrderBy(key => key.Id)
                .ToListAsync(ct);
            _keys = [.. rows.Select(row => new KnownKey(Open(row), row.CreatedAt))];
            _readAt = clock.GetUtcNow();
        }
        finally
        {
            _reading.Release();
        }
    }

    private sealed record KnownKey(ECDsaSecurityKey Key, DateTime CreatedAt);

    private ECDsaSecurityKey Open(SigningKey row)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(secrets.Unprotect(row.ProtectedKey)), out _);
        return new ECDsaSecurityKey(key) { KeyId = row.Id.ToString("N") };
    }
}
