using Gateway.Infrastructure.Data;
using Gateway.Infrastructure.Queue;

namespace Gateway.Features.Lists;

/// <summary>Providers that may have heard of the address are asked to forget it.</summary>
internal sealed class ListPersonalData(GatewayDb db, ListSyncQueue syncs, Signal<SyncLists> lists) : IPersonalData
{
    public string Kind => "listSyncs";

    public async Task<int> EraseAsync(DataSubject person, CancellationToken ct)
    {
        db.OnCommitted(lists.Wake);
        return await syncs.ForgetAsync(person, ct);
    }

    /// <summary>No provider hears of anybody who did not confirm.</summary>
    public Task RedactAsync(UnconfirmedSignUp signUp, CancellationToken ct) => Task.CompletedTask;
}
