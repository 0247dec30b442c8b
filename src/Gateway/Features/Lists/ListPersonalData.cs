using Gateway.Features.Connections;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Features.Lists;

/// <summary>Providers that may have heard of the address are asked to forget it.</summary>
internal sealed class ListPersonalData(
    GatewayDb db,
    ListSyncQueue syncs,
    ListStore stored,
    SubscriptionStore subscriptions,
    ConnectionProviders providers,
    Signal<SyncLists> lists
) : IPersonalData
{
    public string Kind => "listSyncs";

    /// <summary>What providers were given is what the contact shows; here is who they are.</summary>
    public async Task<KeptData> ReadAsync(DataSubject person, CancellationToken ct)
    {
        var synced = await db
            .ListSyncs.AsNoTracking()
            .Where(row => person.Subscriptions.Contains(row.SubscriptionId) && row.SyncedAt != null)
            .Select(row => row.SubscriptionId)
            .ToListAsync(ct);
        var joined = await subscriptions.GetManyAsync(synced, ct);
        var keptAt = await stored.GetManyAsync([.. joined.Values.Select(one => one.List.Id).Distinct()], ct);
        return new(
            [],
            [
                .. keptAt
                    .Values.Where(list => list.Provider != LocalLists.Key)
                    .Select(list => providers.All.FirstOrDefault(one => one.Key == list.Provider)?.Title ?? list.Provider)
                    .Distinct(),
            ]
        );
    }

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        db.OnCommitted(lists.Wake);
        return await syncs.ForgetAsync(person, ct);
    }

    /// <summary>No provider hears of anybody who did not confirm.</summary>
    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;
}
