using System.Globalization;
using System.Net;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists.Brevo;

/// <summary>
/// Lists at Brevo: who subscribes is saved one by one, since its imports cannot put a single person back; who leaves is taken off by one
/// call.
/// </summary>
internal sealed class BrevoLists(IBrevoApi api, BrevoAttributes attributes, TimeProvider clock) : IListProvider, IListReader, IListCatalog
{
    /// <summary>The most lists that Brevo gives at once.</summary>
    private const int CatalogPage = 50;

    /// <summary>The most that Brevo gives at once.</summary>
    private const int PageSize = 500;

    public const string Key = "brevo";
    public const string Name = "Brevo";
    public const string Settings = "Lists__Brevo";

    public string? ErrorOf(string? providerListId) =>
        long.TryParse(providerListId, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? null
            : "A list at Brevo is named by its number there, such as 7.";

    public async Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        // Who leaves goes first: nothing that is wrong with the others may hold that up.
        var leaving = changes.Where(change => change.Desired != DesiredState.Subscribed).ToList();
        var joining = changes.Where(change => change.Desired == DesiredState.Subscribed).ToList();
        var left = new Queue<ListOutcome>(leaving.Count == 0 ? [] : await RemoveAsync(list.ProviderListId!, leaving, ct));
        var joined = new Queue<ListOutcome>(joining.Count == 0 ? [] : await AddAsync(list.ProviderListId!, joining, ct));
        return [.. changes.Select(change => (change.Desired == DesiredState.Subscribed ? joined : left).Dequeue())];
    }

    public async Task<ListReading> ReadAsync(ContactList list, CancellationToken ct)
    {
        var number = Number(list);
        var read = (await ListPages.ReadAsync(PageSize, row => row.Email, offset => ReadPageAsync(list, offset, ct))).Counted();
        if (read.Rows is not { } rows)
        {
            return new(null, read.Failed);
        }

        var people = new Dictionary<string, ListMember>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (EmailAddress.Parse(row.Email) is { } address)
            {
                people[address.Key] = new(row.EmailBlacklisted || row.ListUnsubscribed?.Contains(number) == true)
                {
                    Address = row.Email,
                    KnownSince = row.CreatedAt?.UtcDateTime,
                };
            }
        }

        return new(people);
    }

    public async Task<PersonReading> FindAsync(ContactList list, EmailAddress address, CancellationToken ct)
    {
        using var response = await api.ReadContactAsync(address.Key, ct);
        var answer = ProviderAnswer.Of(response, clock);
        return response is { IsSuccessful: true, Content.ListIds: { } lists } ? new(lists.Contains(Number(list)))
            : BrevoAnswers.IsUnknownContact(answer) ? new(IsThere: false)
            : new(IsThere: true, BrevoAnswers.Judge(answer).Outcome);
    }

    public async Task<ListCatalog> ReadListsAsync(CancellationToken ct)
    {
        var all = new List<ProviderList>();
        while (all.Count < IListCatalog.MaxLists)
        {
            using var answer = await api.ReadAllListsAsync(CatalogPage, all.Count, ct);
            if (answer is not { IsSuccessful: true, Content: { } page })
            {
                return new(null, BrevoAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome);
            }

            var lists = page.Lists ?? [];
            all.AddRange(
                lists.Select(list => new ProviderList(
                    list.Id.ToString(CultureInfo.InvariantCulture),
                    list.Name ?? "",
                    list.UniqueSubscribers
                ))
            );
            if (lists.Count < CatalogPage)
            {
                break;
            }
        }

        return new(all);
    }

    private async Task<ListPage<BrevoPerson>> ReadPageAsync(ContactList list, int offset, CancellationToken ct)
    {
        using var page = await api.ReadListAsync(list.ProviderListId!, PageSize, offset, ct);
        return page is { IsSuccessful: true, Content: { } content }
            ? new(content.Contacts ?? [], content.Count)
            : new(null, Failed: BrevoAnswers.Judge(ProviderAnswer.Of(page, clock)).Outcome);
    }

    private static long Number(ContactList list) => long.Parse(list.ProviderListId!, CultureInfo.InvariantCulture);

    private async Task<IReadOnlyList<ListOutcome>> AddAsync(string list, List<ListChange> changes, CancellationToken ct) =>
        await attributes.EnsureAsync(changes, ct) is { } held
            ? [.. changes.Select(_ => held)]
            : await SequentialPush.PushAsync(changes, change => AddOneAsync(long.Parse(list, CultureInfo.InvariantCulture), change, ct));

    private async Task<Verdict> AddOneAsync(long list, ListChange change, CancellationToken ct) =>
        (await PushWithoutProperties.PushAsync(Name, attributes.Of(change), values => SaveAsync(list, change, values, ct))).Verdict;

    private async Task<(Verdict, ProviderAnswer)> SaveAsync(
        long list,
        ListChange change,
        IReadOnlyDictionary<string, object> values,
        CancellationToken ct
    )
    {
        // Brevo knows one unsubscribe for the whole account; only a fresh confirmation takes it back.
        var body = new BrevoContact(change.Address, values, [list], change.Fresh ? false : null);
        using var response = await api.SaveContactAsync(body, ct);
        var answer = ProviderAnswer.Of(response, clock);
        return response.StatusCode is HttpStatusCode.Created or HttpStatusCode.NoContent
            ? (Verdict.Fine, answer)
            : (BrevoAnswers.Judge(answer), answer);
    }

    private async Task<IReadOnlyList<ListOutcome>> RemoveAsync(string list, List<ListChange> changes, CancellationToken ct)
    {
        using var response = await api.RemoveFromListAsync(list, new([.. changes.Select(change => change.Address)]), ct);
        var answer = ProviderAnswer.Of(response, clock);
        var verdict = response switch
        {
            // Whoever it counts as a failure was not on the list, which is all that was wanted.
            { StatusCode: HttpStatusCode.Created, IsSuccessful: true } => Verdict.Fine,
            _ when BrevoAnswers.IsAlreadyGone(answer) => Verdict.Fine,
            _ => BrevoAnswers.Judge(answer),
        };
        return changes.Count > 1 && response.StatusCode == HttpStatusCode.BadRequest && verdict.Outcome is not ListOutcome.Synced
            ? await SequentialPush.PushAsync(changes, async change => OneByOne((await RemoveAsync(list, [change], ct))[0]))
            : [.. changes.Select(_ => verdict.Outcome)];
    }

    private static Verdict OneByOne(ListOutcome outcome) => new(Concern.Unknown, outcome);
}
