using System.Globalization;
using System.Net;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists.Listmonk;

/// <summary>
/// Lists at a listmonk server. Who confirmed here is confirmed there, and listmonk asks for nothing of its own. A person is written by one
/// call where the server has it (<see cref="IListmonkApi.SaveAsync"/>), and else as a subscriber and then as one of the list.
/// </summary>
/// <param name="unfit">Why the server's address may not be called; null when it may.</param>
internal sealed class ListmonkLists(string? unfit, IListmonkApi api, TimeProvider clock) : IListProvider, IListReader, IListCatalog
{
    public const string Key = "listmonk";
    public const string Name = "listmonk";
    public const string Settings = "Lists__Listmonk";

    private readonly ListmonkPeople _people = new(api, clock);

    public string? ErrorOf(string? providerListId) =>
        unfit is not null ? unfit
        : int.TryParse(providerListId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? null
        : "A list at listmonk is named by its number, such as 3: it stands in the address of the list's page there.";

    public async Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        // Who leaves goes first: nothing that is wrong with the others may hold that up.
        var id = IdOf(list);
        var leaving = changes.Where(change => change.Desired != DesiredState.Subscribed).ToList();
        var joining = changes.Where(change => change.Desired == DesiredState.Subscribed).ToList();
        var left = new Queue<ListOutcome>(await SequentialPush.PushAsync(leaving, change => _people.LeaveAsync(id, change, ct)));
        var joined = new Queue<ListOutcome>(
            joining.Count > 0 && await MissingAsync(id, ct) is { IsForAll: true } missing
                ? joining.Select(_ => missing.Outcome)
                : await SequentialPush.PushAsync(joining, change => _people.JoinAsync(id, change, ct))
        );
        return [.. changes.Select(change => (change.Desired == DesiredState.Subscribed ? joined : left).Dequeue())];
    }

    public async Task<ListReading> ReadAsync(ContactList list, CancellationToken ct)
    {
        var id = IdOf(list);
        if (await MissingAsync(id, ct) is { } missing)
        {
            // A list that is not there reads as an empty one.
            return new(null, missing.Outcome);
        }

        var read = (
            await ListPages.ReadAsync(IListmonkApi.PageSize, row => row.Email, offset => ReadPageAsync(id, offset, ct))
        ).Counted();
        if (read.Rows is not { } rows)
        {
            return new(null, read.Failed);
        }

        var people = new Dictionary<string, ListMember>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (EmailAddress.Parse(row.Email) is { } address)
            {
                people[address.Key] = new(IsOff(row, id), row.On(id)?.UpdatedAt?.UtcDateTime)
                {
                    Address = row.Email,
                    KnownSince = (row.On(id)?.CreatedAt ?? row.CreatedAt)?.UtcDateTime,
                };
            }
        }

        return new(people);
    }

    public async Task<PersonReading> FindAsync(ContactList list, EmailAddress address, CancellationToken ct)
    {
        var (found, failed) = await _people.FindAsync(address.Key, ct);
        return failed is null ? new(found?.On(IdOf(list)) is not null) : new(IsThere: true, failed.Outcome);
    }

    public async Task<ListCatalog> ReadListsAsync(CancellationToken ct)
    {
        var read = await ListPages.ReadAsync(
            IListmonkApi.PageSize,
            list => list.Id.ToString(CultureInfo.InvariantCulture),
            async offset =>
            {
                using var answer = await api.ReadListsAsync((offset / IListmonkApi.PageSize) + 1, ct);
                return answer is { IsSuccessful: true, Content.Data.Results: { } lists }
                    ? new(lists)
                    : new ListPage<ListmonkList>(null, Failed: ListmonkAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome);
            }
        );
        return new(
            read.Rows?.Take(IListCatalog.MaxLists)
                .Select(list => new ProviderList(list.Id.ToString(CultureInfo.InvariantCulture), list.Name ?? "", list.SubscriberCount))
                .ToList(),
            read.Failed
        );
    }

    /// <summary>Whether they get nothing from the list: they unsubscribed from it, or from everything.</summary>
    private static bool IsOff(ListmonkSubscriber row, int list) =>
        row.Status is not (null or ListmonkSubscriber.Enabled) || row.On(list)?.Status == ListmonkSubscription.Unsubscribed;

    private static int IdOf(ContactList list) => int.Parse(list.ProviderListId!, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>listmonk takes people onto a list that it does not have, and passes over the list without a word.</summary>
    /// <returns>Null when the list is there.</returns>
    private async Task<Verdict?> MissingAsync(int id, CancellationToken ct)
    {
        using var answer = await api.ReadListAsync(id, ct);
        return answer.IsSuccessful ? null
            : answer.StatusCode == HttpStatusCode.BadRequest
                ? Verdict.Account("list_unknown", "listmonk does not know this list (400). " + ProviderAnswers.UnknownList, isList: true)
            : await api.JudgeAsync(answer, ListmonkAnswers.ListRefused, clock, ct);
    }

    private async Task<ListPage<ListmonkSubscriber>> ReadPageAsync(int list, int offset, CancellationToken ct)
    {
        using var page = await api.ReadMembersAsync(list, (offset / IListmonkApi.PageSize) + 1, ct);
        return page is { IsSuccessful: true, Content.Data: { } content }
            ? new(content.Results ?? [], content.Total)
            : new(null, Failed: (await api.JudgeAsync(page, ListmonkAnswers.ListRefused, clock, ct)).Outcome);
    }
}
