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

    /// <summary>How the audit names an address of which nothing else is kept.</summary>
    public string NameOf(string addressKey) => "address:" + Convert.ToHexStringLower(Hash(addressKey))[..32];

    /// <returns>Those of the addresses to which the site sends nothing at all, each with its strongest reason.</returns>
    public async Task<Dictionary<(Guid SiteId, string AddressKey), SuppressionReason>> FindAsync(
        SuppressionChannel channel,
        IReadOnlyCollection<(Guid SiteId, string AddressKey)> addresses,
        CancellationToken ct
    ) =>
        (await FindForListsAsync(channel, [.. addresses.Select(one => (one.SiteId, Guid.Empty, one.AddressKey))], ct)).ToDictionary(
            found => (found.Key.SiteId, found.Key.AddressKey),
            found => found.Value
        );

    /// <returns>
    /// Those of the addresses that are suppressed for everything or refused the list, each with its strongest reason.
    /// </returns>
    public async Task<Dictionary<(Guid SiteId, Guid ListId, string AddressKey), SuppressionReason>> FindForListsAsync(
        SuppressionChannel channel,
        IReadOnlyCollection<(Guid SiteId, Guid ListId, string AddressKey)> addresses,
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
                    .Where(address => address.SiteId == row.SiteId && (row.ListId == Guid.Empty || row.ListId == address.ListId))
                    .Select(address => (address, row.Reason))
            )
            .GroupBy(found => found.address, found => found.Reason)
            .ToDictionary(found => found.Key, found => found.Max());
    }

    /// <returns>The strongest; null when the address may be written to.</returns>
    public async Task<Suppression?> FindAsync(SuppressionChannel channel, Guid siteId, string addressKey, CancellationToken ct) =>
        (await AllOfAsync(channel, siteId, addressKey, ct)).FindAll(row => row.ListId == Guid.Empty).MaxBy(row => row.Reason);

    /// <returns>What stands in the way of an address at a site, for everything and for each list.</returns>
    public Task<List<Suppression>> AllOfAsync(SuppressionChannel channel, Guid siteId, string addressKey, CancellationToken ct)
    {
        var hash = Hash(addressKey);
        return db
            .Suppressions.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.Channel == channel && row.AddressHash == hash)
            .ToListAsync(ct);
    }

    /// <returns>What stands in the way of each of the addresses at a site, the oldest first.</returns>
    public async Task<ILookup<string, Suppression>> AllOfAsync(
        SuppressionChannel channel,
        Guid siteId,
        IReadOnlyCollection<string> addressKeys,
        CancellationToken ct
    )
    {
        var byHash = addressKeys.ToDictionary(key => Convert.ToHexString(Hash(key)));
        var hashes = byHash.Keys.Select(Convert.FromHexString).ToList();
        var rows = await db
            .Suppressions.AsNoTracking()
            .Where(row => row.SiteId == siteId && row.Channel == channel && hashes.Contains(row.AddressHash))
            .OrderBy(row => row.Id)
            .ToListAsync(ct);
        return rows.ToLookup(row => byHash[Convert.ToHexString(row.AddressHash)]);
    }

    /// <summary>Email addresses of a site that nobody writes to, since mail came back or was called spam, by reason.</summary>
    /// <param name="limit">Counting stops there.</param>
    public Task<Dictionary<SuppressionReason, int>> CountAsync(Guid siteId, int limit, CancellationToken ct) =>
        db
            .Suppressions.Where(row =>
                row.SiteId == siteId
                && row.Channel == SuppressionChannel.Email
                && (row.Reason == SuppressionReason.Bounced || row.Reason == SuppressionReason.Complained)
            )
            .Select(row => row.Reason)
            .Take(limit)
            .GroupBy(reason => reason)
            .Select(same => new { same.Key, Count = same.Count() })
            .ToDictionaryAsync(one => one.Key, one => one.Count, ct);

    /// <summary>Nothing goes to the address any more, whatever it is. Inside the caller's transaction.</summary>
    /// <returns>False when it was suppressed for that reason already.</returns>
    public Task<bool> AddAsync(
        Guid siteId,
        SuppressionChannel channel,
        string addressKey,
        SuppressionReason reason,
        string source,
        CancellationToken ct
    ) => AddAsync(siteId, channel, Guid.Empty, addressKey, reason, source, ct);

    /// <summary>
    /// Remembers that the owner of an address left a list, or refused it. Their standing on the list may change by what others do, and is
    /// gone when they are erased; this stays. Inside the caller's transaction.
    /// </summary>
    public Task RefuseAsync(Guid siteId, Guid listId, string addressKey, SuppressionReason reason, string source, CancellationToken ct) =>
        AddAsync(siteId, SuppressionChannel.Email, listId, addressKey, reason, source, ct);

    /// <summary>Somebody who may decides that the address or number can be written to again. Inside the caller's transaction.</summary>
    /// <returns>False when it was not suppressed for that reason.</returns>
    public Task<bool> LiftAsync(
        Guid siteId,
        SuppressionChannel channel,
        string addressKey,
        SuppressionReason reason,
        CancellationToken ct
    ) => LiftAsync(siteId, channel, Guid.Empty, addressKey, reason, ct);

    /// <summary>"This wasn't me" about a list is taken back. Inside the caller's transaction.</summary>
    /// <returns>False when nobody had said it.</returns>
    public Task<bool> LiftCancelledAsync(Guid siteId, Guid listId, string addressKey, CancellationToken ct) =>
        LiftAsync(siteId, SuppressionChannel.Email, listId, addressKey, SuppressionReason.Cancelled, ct);

    /// <summary>The owner of a number wants messages again.</summary>
    public Task LiftUnsubscribeAsync(Guid siteId, SuppressionChannel channel, string addressKey, CancellationToken ct) =>
        LiftAsync(siteId, channel, addressKey, SuppressionReason.Unsubscribed, ct);

    /// <summary>
    /// A fresh confirmation was given: the person wants this list, and mail of the site. What they refused of other lists stays. Inside
    /// the caller's transaction.
    /// </summary>
    public Task LiftByConfirmationAsync(Guid siteId, Guid listId, string addressKey, CancellationToken ct)
    {
        var hash = Hash(addressKey);
        return db
            .Suppressions.Where(one =>
                one.SiteId == siteId
                && one.Channel == SuppressionChannel.Email
                && one.AddressHash == hash
                && (one.ListId == Guid.Empty || one.ListId == listId)
                && (one.Reason == SuppressionReason.Unsubscribed || one.Reason == SuppressionReason.Cancelled)
            )
            .ExecuteDeleteAsync(ct);
    }

    private async Task<bool> AddAsync(
        Guid siteId,
        SuppressionChannel channel,
        Guid listId,
        string addressKey,
        SuppressionReason reason,
        string source,
        CancellationToken ct
    )
    {
        var now = clock.GetUtcNow();
        var row = new Suppression
        {
            Id = Guid.CreateVersion7(now),
            SiteId = siteId,
            Channel = channel,
            ListId = listId,
            AddressHash = Hash(addressKey),
            Reason = reason,
            Source = source,
            CreatedAt = now.UtcDateTime,
        };
        var isNew = await db.InsertNewAsync([row], ct) > 0;
        if (!isNew && reason is (SuppressionReason.Unsubscribed or SuppressionReason.Cancelled))
        {
            // Said again: what the person agreed to in between is over too.
            await Same(siteId, channel, listId, addressKey, reason)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.CreatedAt, now.UtcDateTime), ct);
        }

        return isNew;
    }

    private async Task<bool> LiftAsync(
        Guid siteId,
        SuppressionChannel channel,
        Guid listId,
        string addressKey,
        SuppressionReason reason,
        CancellationToken ct
    ) => await Same(siteId, channel, listId, addressKey, reason).ExecuteDeleteAsync(ct) > 0;

    private IQueryable<Suppression> Same(
        Guid siteId,
        SuppressionChannel channel,
        Guid listId,
        string addressKey,
        SuppressionReason reason
    )
    {
        var hash = Hash(addressKey);
        return db.Suppressions.Where(one =>
            one.SiteId == siteId && one.Channel == channel && one.ListId == listId && one.AddressHash == hash && one.Reason == reason
        );
    }
}
