using System.Globalization;
using System.Net;
using Gateway.Features.Contacts;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Lists at Mailjet: one contact by a call, several by a job.</summary>
internal sealed class MailjetLists(IMailjetApi api, MailjetJobs jobs, MailjetProperties properties, TimeProvider clock)
    : IListProvider,
        IListReader,
        IListCatalog
{
    public const string Key = "mailjet";
    public const string Name = "Mailjet";
    public const string Settings = "Lists__Mailjet";

    /// <summary>So many can be told one by one within the time for all of them.</summary>
    private const int Few = 100;

    /// <summary>The most that Mailjet gives at once.</summary>
    private const int PageSize = 1000;

    /// <summary>
    /// Mailjet publishes no limit for a job; a thousand people with their properties are some hundred kilobytes. A fresh confirmation has a
    /// call of its own as well, which lifts an exclusion.
    /// </summary>
    public int AtOnce(bool fresh) => fresh ? Few : 1000;

    public string? ErrorOf(string? providerListId) =>
        long.TryParse(providerListId, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? null
            : "A list at Mailjet is named by its number there, such as 123.";

    public async Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        var outcomes = new Dictionary<ListChange, ListOutcome>(ReferenceEqualityComparer.Instance);

        // Who leaves goes first: nothing that is wrong with the others may hold that up.
        foreach (var group in changes.GroupBy(ActionOf).OrderBy(group => group.First().Desired == DesiredState.Subscribed))
        {
            var answers = await PushAsync(list.ProviderListId!, group.Key, [.. group], ct);
            foreach (var (change, outcome) in group.Zip(answers))
            {
                outcomes[change] = outcome;
            }
        }

        return [.. changes.Select(change => outcomes[change])];
    }

    public async Task<ListReading> ReadAsync(ContactList list, CancellationToken ct)
    {
        // Who left first: whoever leaves meanwhile is still taken for a subscriber, and found the next time.
        var recipients = await ListPages.ReadAsync(PageSize, IdOf, offset => ReadUnsubscribedAsync(list, offset, ct));
        if (recipients.Rows is not { } gone)
        {
            return new(null, recipients.Failed);
        }

        var left = gone.Where(row => row.IsUnsubscribed)
            .DistinctBy(row => row.ContactID)
            .ToDictionary(row => row.ContactID, row => MomentOf(row.UnsubscribedAt));
        var read = await ListPages.ReadAsync(PageSize, IdOf, offset => ReadPageAsync(list, offset, ct));
        if (read.Rows is not null)
        {
            read = await CountAsync(list, read, ct);
        }

        if (read.Rows is not { } rows)
        {
            return new(null, read.Failed);
        }

        var people = new Dictionary<string, ListMember>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (EmailAddress.Parse(row.Email) is { } address)
            {
                people[address.Key] = MemberOf(row, left);
            }
        }

        return new(people);
    }

    public async Task<PersonReading> FindAsync(ContactList list, EmailAddress address, CancellationToken ct)
    {
        using var response = await api.ReadListsAsync(address.Key, ct);
        return response switch
        {
            { IsSuccessful: true, Content.Data: { } lists } => new(
                lists.Any(one => one.ListID == long.Parse(list.ProviderListId!, CultureInfo.InvariantCulture))
            ),
            { StatusCode: HttpStatusCode.NotFound } => new(IsThere: false),
            _ => new(IsThere: true, MailjetAnswers.Judge(ProviderAnswer.Of(response, clock)).Outcome),
        };
    }

    public async Task<ListCatalog> ReadListsAsync(CancellationToken ct)
    {
        using var answer = await api.ReadAllListsAsync(ct);
        return answer is { IsSuccessful: true, Content.Data: { } lists }
            ? new([
                .. lists.Select(list => new ProviderList(
                    list.ID.ToString(CultureInfo.InvariantCulture),
                    list.Name ?? "",
                    list.SubscriberCount
                )),
            ])
            : new(null, MailjetAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome);
    }

    private async Task<ListPage<ListRecipient>> ReadUnsubscribedAsync(ContactList list, int offset, CancellationToken ct)
    {
        using var page = await api.ReadUnsubscribedAsync(list.ProviderListId!, PageSize, offset, ct);
        return page is { IsSuccessful: true, Content.Data: { } rows }
            ? new(rows)
            : new(null, Failed: MailjetAnswers.Judge(ProviderAnswer.Of(page, clock)).Outcome);
    }

    private async Task<ListPage<MailjetContact>> ReadPageAsync(ContactList list, int offset, CancellationToken ct)
    {
        using var page = await api.ReadContactsAsync(list.ProviderListId!, PageSize, offset, ct);
        return page is { IsSuccessful: true, Content.Data: { } rows }
            ? new(rows)
            : new(null, Failed: MailjetAnswers.Judge(ProviderAnswer.Of(page, clock)).Outcome);
    }

    /// <summary>A page does not reliably tell the total of the list, so that is asked for by itself.</summary>
    private async Task<ListPage<MailjetContact>> CountAsync(ContactList list, ListPage<MailjetContact> read, CancellationToken ct)
    {
        using var count = await api.CountContactsAsync(list.ProviderListId!, ct);
        return count is { IsSuccessful: true, Content.Total: { } total }
            ? (read with { Total = total }).Counted()
            : new(null, Failed: MailjetAnswers.Judge(ProviderAnswer.Of(count, clock)).Outcome);
    }

    private static string IdOf(ListRecipient row) => row.ContactID.ToString(CultureInfo.InvariantCulture);

    private static string IdOf(MailjetContact row) => row.ID.ToString(CultureInfo.InvariantCulture);

    /// <summary>Who is off for two reasons is off since the later one; one without a time leaves it open.</summary>
    private static ListMember MemberOf(MailjetContact row, Dictionary<long, DateTime?> left)
    {
        var since = new List<DateTime?>();
        if (row.IsExcludedFromCampaigns)
        {
            since.Add(MomentOf(row.ExclusionFromCampaignsUpdatedAt));
        }

        if (left.TryGetValue(row.ID, out var at))
        {
            since.Add(at);
        }

        return new(since.Count > 0, since.Contains(null) ? null : since.Max())
        {
            Address = row.Email,
            KnownSince = MomentOf(row.CreatedAt),
        };
    }

    private static DateTime? MomentOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime : null;

    /// <summary><c>addforce</c> clears an unsubscribe, so only a fresh confirmation may use it.</summary>
    private static string ActionOf(ListChange change) =>
        change switch
        {
            { Desired: DesiredState.Subscribed, Fresh: true } => "addforce",
            { Desired: DesiredState.Subscribed } => "addnoforce",
            { Desired: DesiredState.Unsubscribed } => "unsub",
            _ => "remove",
        };

    private async Task<IReadOnlyList<ListOutcome>> PushAsync(
        string list,
        string action,
        IReadOnlyList<ListChange> changes,
        CancellationToken ct
    )
    {
        if (changes[0].Desired == DesiredState.Subscribed && await properties.EnsureAsync(changes, ct) is { } held)
        {
            return [.. changes.Select(_ => held)];
        }

        // A job that ends in an error does not say whose error it was: of many it is looked for in smaller jobs, of few one by one.
        return changes.Count > 1 && await jobs.PushAsync(list, action, changes, ct) is { } outcome
                ? await AfterJobAsync(changes, outcome, ct)
            : changes.Count > Few ? await PushInPartsAsync(list, action, changes, ct)
            : await SequentialPush.PushAsync(changes, change => PushOneAsync(list, action, change, ct));
    }

    private async Task<List<ListOutcome>> PushInPartsAsync(
        string list,
        string action,
        IReadOnlyList<ListChange> changes,
        CancellationToken ct
    )
    {
        var outcomes = new List<ListOutcome>(changes.Count);
        foreach (var part in changes.Chunk(Few))
        {
            outcomes.AddRange(
                outcomes.LastOrDefault() is ListOutcome.Held held ? part.Select(_ => held) : await PushAsync(list, action, part, ct)
            );
        }

        return outcomes;
    }

    /// <summary>What a job does not do: say what was left out of a person, and lift an exclusion.</summary>
    private async Task<IReadOnlyList<ListOutcome>> AfterJobAsync(
        IReadOnlyList<ListChange> changes,
        ListOutcome outcome,
        CancellationToken ct
    ) =>
        outcome is not ListOutcome.Synced ? [.. changes.Select(_ => outcome)]
        : changes[0].Desired != DesiredState.Subscribed ? [.. changes.Select(_ => outcome)]
        : await SequentialPush.PushAsync(changes, change => IncludeAsync(change, Synced(properties.Of(change).LeftOut), ct));

    private async Task<Verdict> PushOneAsync(string list, string action, ListChange change, CancellationToken ct)
    {
        var isSubscribed = change.Desired == DesiredState.Subscribed;
        var (verdict, answer) = await PushWithoutProperties.PushAsync(
            Name,
            isSubscribed ? properties.Of(change) : ProviderValues.None,
            values => ManageAsync(list, action, change, isSubscribed, values, ct)
        );
        if (MailjetAnswers.IsPropertyGone(answer))
        {
            properties.Forget();
        }

        return await IncludeAsync(change, verdict, ct);
    }

    private async Task<(Verdict, ProviderAnswer)> ManageAsync(
        string list,
        string action,
        ListChange change,
        bool isSubscribed,
        IReadOnlyDictionary<string, object> values,
        CancellationToken ct
    )
    {
        var body = new ManageContact(change.Address, isSubscribed ? change.Name : null, action, isSubscribed ? values : null);
        using var response = await api.ManageContactAsync(list, body, ct);
        var answer = ProviderAnswer.Of(response, clock);
        return response is { StatusCode: HttpStatusCode.Created or HttpStatusCode.OK, IsSuccessful: true, Content.Data.Count: > 0 }
            ? (Verdict.Fine, answer)
            : (MailjetAnswers.Judge(answer), answer);
    }

    /// <summary>
    /// Whoever is on Mailjet's exclusion list gets no campaign, whatever list they are on. A fresh confirmation takes them off it, as it
    /// clears an unsubscribe.
    /// </summary>
    private async Task<Verdict> IncludeAsync(ListChange change, Verdict verdict, CancellationToken ct)
    {
        if (!change.Fresh || verdict.Outcome is not ListOutcome.Synced synced)
        {
            return verdict;
        }

        using var response = await api.ExcludeAsync(change.Address, new(IsExcludedFromCampaigns: false), ct);
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.NotModified)
        {
            return verdict;
        }

        var judged = MailjetAnswers.Judge(ProviderAnswer.Of(response, clock));
        const string remark = "If Mailjet excludes the person from campaigns, lift that there: it could not be lifted from here.";
        return judged is { IsForAll: true, Outcome: ListOutcome.Held { IsList: false } }
            ? judged
            : Verdict.Fine with
            {
                Outcome = new ListOutcome.Synced(synced.Remark is { } left ? $"{left} {remark}" : remark),
            };
    }

    private static Verdict Synced(IReadOnlyList<string> leftOut) =>
        leftOut.Count == 0 ? Verdict.Fine : new(Concern.Person, new ListOutcome.Synced(PushWithoutProperties.Remark(Name, leftOut)));
}
