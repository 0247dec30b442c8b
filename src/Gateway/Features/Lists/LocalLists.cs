using Gateway.Features.Contacts;

namespace Gateway.Features.Lists;

/// <summary>A list that lives in this gateway alone: there is nobody to tell.</summary>
internal sealed class LocalLists : IListProvider
{
    public const string Key = "local";

    public string? ErrorOf(string? providerListId) =>
        providerListId is null ? null : "A local list has no id at a provider. Leave the id out, or name the provider.";

    public Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<ListOutcome>>([.. changes.Select(_ => new ListOutcome.Synced())]);
}
