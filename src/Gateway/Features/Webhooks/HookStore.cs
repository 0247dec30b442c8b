using Gateway.Features.Sites;
using Gateway.Infrastructure;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Gateway.Infrastructure.Security;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Webhooks;

/// <summary>What came of asking for a hook.</summary>
internal abstract record Subscribed
{
    public sealed record Added(Hook Hook) : Subscribed;

    /// <summary>The site has this hook already, and it stays as it is.</summary>
    public sealed record Known(Hook Hook) : Subscribed;

    public sealed record TooMany : Subscribed;
}

/// <summary>A hook, and how it is doing.</summary>
/// <param name="IsFailing">Whether it takes nothing at the moment (<see cref="HookFaults"/>).</param>
/// <param name="Newest">What became of the newest event for it; null where there was none.</param>
/// <param name="NewestAt">When that one was written.</param>
internal sealed record HookState(Hook Hook, bool IsFailing, DeliveryState? Newest, DateTime? NewestAt);

/// <summary>A site's hooks: each address stands once for the same events, and there are not too many.</summary>
internal sealed class HookStore(
    GatewayDb db,
    SiteStore sites,
    SecretEncryption secrets,
    Signal<SendDeliveries> deliveries,
    TimeProvider clock
)
{
    public const int MaxPerSite = 200;

    /// <returns>
    /// The secret as it is stored. It is made before the transaction: encrypting may read keys from the database, which waits for the very
    /// lock that the transaction holds.
    /// </returns>
    public string Seal(string secret) => secrets.Protect(secret);

    /// <param name="sealedSecret">As <see cref="Seal"/> made it; a hook that is known keeps its own.</param>
    public Task<Subscribed> AddAsync(Guid siteId, string events, string url, string? sealedSecret, CancellationToken ct) =>
        db.WriteAsync<Subscribed>(
            async () =>
            {
                // Hooks of one site are added one after the other.
                await sites.LockAsync(siteId, ct);
                var hooks = await db.Hooks.Where(hook => hook.SiteId == siteId && hook.EndedAt == null).ToListAsync(ct);
                if (
                    hooks.Find(hook => hook.Url == url && EventTypes.Split(hook.Event).ToHashSet().SetEquals(EventTypes.Split(events))) is
                    { } known
                )
                {
                    return new Subscribed.Known(known);
                }

                if (hooks.Count >= MaxPerSite)
                {
                    return new Subscribed.TooMany();
                }

                var added = New(siteId, events, url, sealedSecret);
                db.Hooks.Add(added);
                await db.SaveChangesAsync(ct);
                return new Subscribed.Added(added);
            },
            ct
        );

    /// <summary>The site's hooks that are told of events, the oldest first.</summary>
    public Task<List<Hook>> OfSiteAsync(Guid siteId, CancellationToken ct) =>
        db
            .Hooks.AsNoTracking()
            .Where(hook => hook.SiteId == siteId && hook.EndedAt == null)
            .OrderBy(hook => hook.Id)
            .Take(MaxPerSite)
            .ToListAsync(ct);

    /// <summary>Hooks of several sites that are told of events, and how they are doing, the oldest first.</summary>
    /// <param name="sites">Null is all.</param>
    /// <param name="failing">Only those that take nothing at the moment.</param>
    /// <param name="after">The last id of the page before; null for the first page.</param>
    public Task<List<HookState>> PageOfSitesAsync(
        IReadOnlyCollection<Guid>? sites,
        bool failing,
        Guid? after,
        int limit,
        CancellationToken ct
    )
    {
        var deliveries = db.Deliveries;
        var read =
            from hook in db.Hooks.AsNoTracking()
            where hook.EndedAt == null && (sites == null || sites.Contains(hook.SiteId)) && (after == null || hook.Id > after)
            // By the index of just these: a hook that works has a million that are done.
            let isFailing = deliveries.Any(row => row.HookId == hook.Id && row.DueAt != null && row.Failures >= HookFaults.ManyFailures)
            where !failing || isFailing
            orderby hook.Id
            select new HookState(
                hook,
                isFailing,
                deliveries
                    .Where(row => row.HookId == hook.Id)
                    .OrderByDescending(row => row.Id)
                    .Select(row => (DeliveryState?)row.State)
                    .FirstOrDefault(),
                deliveries
                    .Where(row => row.HookId == hook.Id)
                    .OrderByDescending(row => row.Id)
                    .Select(row => (DateTime?)row.CreatedAt)
                    .FirstOrDefault()
            );
        return read.Take(limit).ToListAsync(ct);
    }

    /// <returns>Null when the site has no such hook, or it has ended.</returns>
    public Task<Hook?> FindAsync(Guid siteId, Guid? hookId, CancellationToken ct) =>
        db.Hooks.AsNoTracking().SingleOrDefaultAsync(hook => hook.SiteId == siteId && hook.Id == hookId && hook.EndedAt == null, ct);

    /// <summary>From now on deliveries are signed with this secret and no other.</summary>
    /// <param name="known">As it was read: of two who do so at once, the second does not replace what the first was shown.</param>
    /// <param name="sealedSecret">As <see cref="Seal"/> made it.</param>
    public Task<bool> SetSecretAsync(Hook known, string sealedSecret, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
                await db
                    .Hooks.Where(hook => hook.Id == known.Id && hook.EndedAt == null && hook.ProtectedSecret == known.ProtectedSecret)
                    .ExecuteUpdateAsync(set => set.SetProperty(hook => hook.ProtectedSecret, sealedSecret), ct) > 0,
            ct
        );

    /// <summary>
    /// From now on events are sent to another address, also those that wait, which are tried at once. What failed can be sent again.
    /// </summary>
    /// <param name="known">As it was read: of two who do so at once, the second does not undo what the first did.</param>
    /// <param name="sealedSecret">As <see cref="Seal"/> made it; null when it keeps its own.</param>
    public Task<Result<Hook>> ChangeAsync(Hook known, string url, string? sealedSecret, CancellationToken ct) =>
        db.WriteAsync<Result<Hook>>(
            async () =>
            {
                await sites.LockAsync(known.SiteId, ct);
                var hooks = await db
                    .Hooks.AsNoTracking()
                    .Where(hook => hook.SiteId == known.SiteId && hook.EndedAt == null)
                    .ToListAsync(ct);
                var events = EventTypes.Split(known.Event).ToHashSet();
                if (hooks.Exists(hook => hook.Id != known.Id && hook.Url == url && events.SetEquals(EventTypes.Split(hook.Event))))
                {
                    return AddHook.Exists;
                }

                if (
                    hooks.Find(hook => hook.Id == known.Id) is not { } now
                    || (now.Url, now.ProtectedSecret) != (known.Url, known.ProtectedSecret)
                )
                {
                    return ChangeHook.ChangedMeanwhile;
                }

                (now.Url, now.ProtectedSecret) = (url, sealedSecret ?? now.ProtectedSecret);
                await db
                    .Hooks.Where(hook => hook.Id == now.Id)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(hook => hook.Url, now.Url).SetProperty(hook => hook.ProtectedSecret, now.ProtectedSecret),
                        ct
                    );
                if (url != known.Url)
                {
                    await SendElsewhereAsync(now, ct);
                }

                return now;
            },
            ct
        );

    /// <summary>Sends now what waits for a hook, such as when its receiver is well again.</summary>
    /// <returns>How many events.</returns>
    public Task<int> SendWaitingAsync(Hook hook, CancellationToken ct) => db.WriteAsync(() => MakeDueAsync(hook, ct), ct);

    /// <summary>How many events wait for a hook, or failed: they are dropped when it ends.</summary>
    public async Task<int> CountOpenAsync(Guid hookId, CancellationToken ct)
    {
        var count = 0;
        foreach (var open in OpenOf(hookId))
        {
            count += await open.CountAsync(ct);
        }

        return count;
    }

    /// <summary>
    /// What waits for a hook, and what failed: each by the index of just these, since a hook that works has a million that are done.
    /// </summary>
    private IQueryable<Delivery>[] OpenOf(Guid hookId) =>
        [
            db.Deliveries.Where(row => row.DueAt != null && row.HookId == hookId),
            db.Deliveries.Where(row => row.State == DeliveryState.Failed && row.HookId == hookId),
        ];

    /// <summary>Inside the caller's transaction. One that is under way ends by itself, and goes the new way if it is tried again.</summary>
    private async Task SendElsewhereAsync(Hook hook, CancellationToken ct)
    {
        var host = HookUrl.HostOf(hook.Url);
        foreach (var open in OpenOf(hook.Id))
        {
            await open.ExecuteUpdateAsync(set => set.SetProperty(row => row.Host, host), ct);
        }

        await MakeDueAsync(hook, ct);
    }

    /// <summary>Its retries begin anew, now; what is leased is under way.</summary>
    private Task<int> MakeDueAsync(Hook hook, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        db.OnCommitted(deliveries.Wake);
        return db
            .Deliveries.Where(row =>
                row.HookId == hook.Id
                && row.State == DeliveryState.Waiting
                && row.DueAt > now
                && (row.LeasedUntil == null || row.LeasedUntil != row.DueAt)
            )
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Failures, 0).SetProperty(row => row.DueAt, now), ct);
    }

    /// <returns>False when the site never had such a hook.</returns>
    public Task<bool> EndAsync(Guid siteId, Guid hookId, CancellationToken ct) =>
        db.WriteAsync(
            async () =>
            {
                var isOurs = await db.Hooks.AnyAsync(hook => hook.SiteId == siteId && hook.Id == hookId, ct);
                if (isOurs)
                {
                    await EndAsync([hookId], ct);
                }

                return isOurs;
            },
            ct
        );

    /// <summary>Ends hooks and drops what waits for them or for somebody to replay it, inside the caller's transaction.</summary>
    public async Task EndAsync(IReadOnlyCollection<Guid> hookIds, CancellationToken ct)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        await db
            .Hooks.Where(hook => hookIds.Contains(hook.Id) && hook.EndedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(hook => hook.EndedAt, now).SetProperty(hook => hook.ProtectedSecret, (string?)null),
                ct
            );
        await db
            .Deliveries.Where(row =>
                hookIds.Contains(row.HookId) && (row.State == DeliveryState.Waiting || row.State == DeliveryState.Failed)
            )
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, DeliveryState.Dropped).SetProperty(row => row.DueAt, (DateTime?)null),
                ct
            );
    }

    private Hook New(Guid siteId, string events, string url, string? sealedSecret) =>
        new()
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            SiteId = siteId,
            Event = string.Join(',', EventTypes.Split(events).Distinct()),
            Url = url,
            ProtectedSecret = sealedSecret,
            CreatedAt = clock.GetUtcNow().UtcDateTime,
        };
}
