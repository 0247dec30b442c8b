using System.Security.Cryptography;
using System.Text;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Contacts;

/// <summary>
/// Who must not be written to, by email address (<see cref="Infrastructure.Text.EmailAddress.Key"/>) or number (E.164).
/// Suppression wins over everything; only
/// a fresh confirmation lifts an unsubscribe, and only an operator the rest.
/// </summary>
internal sealed class Suppressions(GatewayDb db, MasterKey master, TimeProvider clock)
{
    private readonly byte[] _key = master.Derive("suppression");

    /// <summary>A keyed hash: who has the database alone cannot find out whose address it is by guessing.</summary>
    public byte[] Hash(string addressKey) => HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(addressKey));

    /// <returns>Those of the addresses that are suppressed, each with its reason.</returns>
    public async Task<Dictionary<(Guid SiteId, string AddressKey), SuppressionReason>> FindAsync(
        SuppressionChannel channel,
        IReadOnlyCollection<(Guid SiteId, string AddressKey)> addresses,
        CancellationToken ct
    )
    {
        var byHash = addresses.Distinct().ToLookup(address => Convert.ToHexString(Hash(address.AddressKey)));
        var hashes = byHash.Select(address => Convert.FromHexString(address.Key)).ToList();
        var rows = await db
            .Suppressions.AsNoTracking()
            .Where(row => row.Channel == channel && hashes.Contains(row.AddressHash))
            .ToListAsync(ct);

        return rows.SelectMany(row =>
                byHash[Convert.ToHexString(row.AddressHash)]
                    .Where(address => address.SiteId == row.SiteId)
                    .Select(address => (address, row.Reason))
            )
            .ToDictionary(found => found.address, found => found.Reason);
    }

    /// <returns>Null when the address may be written to.</returns>
    public Task<Suppression?> FindAsync(SuppressionChannel channel, Guid siteId, string addressKey, CancellationToken ct)
    {
        var hash = Hash(addressKey);
        return db
            .Suppressions.AsNoTracking()
            .SingleOrDefaultAsync(row => row.SiteId == siteId && row.Channel == channel && row.AddressHash == hash, ct);
    }

    /// <summary>Adds the address; one that is there already keeps its first reason, unless that was the weaker "unsubscribed".</summary>
    public async Task AddAsync(
        Guid siteId,
        SuppressionChannel channel,
        string addressKey,
        SuppressionReason reason,
        string source,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var hash = Hash(addressKey);
        var row = new Suppression
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Channel = channel,
            AddressHash = hash,
            Reason = reason,
            Source = source,
            CreatedAt = now.UtcDateTime,
        };
        if (await db.InsertNewAsync([row], ct) == 0 && reason != SuppressionReason.Unsubscribed)
        {
            await db
                .Suppressions.Where(one =>
                    one.SiteId == siteId
                    && one.Channel == channel
                    && one.AddressHash == hash
                    && one.Reason == SuppressionReason.Unsubscribed
                )
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Reason, reason).SetProperty(one => one.Source, source), ct);
        }
    }

    /// <summary>Somebody who may decides that the address or number can be written to again. Inside the caller's transaction.</summary>
    /// <returns>False when it was not suppressed for that reason.</returns>
    public async Task<bool> LiftAsync(
        Guid siteId,
        SuppressionChannel channel,
        string addressKey,
        SuppressionReason reason,
        CancellationToken ct
    )
    {
        var hash = Hash(addressKey);
        return await db
                .Suppressions.Where(one =>
                    one.SiteId == siteId && one.Channel == channel && one.AddressHash == hash && one.Reason == reason
                )
                .ExecuteDeleteAsync(ct) > 0;
    }

    /// <summary>A fresh confirmation was given: the person wants mail again.</summary>
    public Task LiftUnsubscribeAsync(Guid siteId, SuppressionChannel channel, string addressKey, CancellationToken ct)
    {
        var hash = Hash(addressKey);
        return db
            .Suppressions.Where(one =>
                one.SiteId == siteId && one.Channel == channel && one.AddressHash == hash && one.Reason == SuppressionReason.Unsubscribed
            )
            .ExecuteDeleteAsync(ct);
    }
}
