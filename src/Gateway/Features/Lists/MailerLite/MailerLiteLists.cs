using System.Globalization;
using System.Net;
using Gateway.Features.Contacts;

namespace Gateway.Features.Lists.MailerLite;

/// <summary>
/// Lists at MailerLite, which are groups there: who leaves a list leaves its group, and stays in others. One by one: calls for several
/// count as imports, of which an account has few.
/// </summary>
internal sealed class MailerLiteLists(IMailerLiteApi api, MailerLiteFields fields, TimeProvider clock) : IListProvider, IListCatalog
{
    public const string Key = "mailerlite";
    public const string Name = "MailerLite";
    public const string Settings = "Lists__MailerLite";

    public string? ErrorOf(string? providerListId) =>
        long.TryParse(providerListId, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? null
            : "A list at MailerLite is named by the number of its group there, such as 56489851135100941.";

    public async Task<IReadOnlyList<ListOutcome>> PushAsync(ContactList list, IReadOnlyList<ListChange> changes, CancellationToken ct)
    {
        // Who leaves goes first: nothing that is wrong with the others may hold that up.
        var leaving = changes.Where(change => change.Desired != DesiredState.Subscribed).ToList();
        var joining = changes.Where(change => change.Desired == DesiredState.Subscribed).ToList();
        var left = new Queue<ListOutcome>(await SequentialPush.PushAsync(leaving, change => LeaveAsync(list, change, ct)));
        var joined = new Queue<ListOutcome>(
            joining.Count > 0 && await fields.EnsureAsync(joining, ct) is { } held
                ? joining.Select(_ => held)
                : await SequentialPush.PushAsync(joining, change => JoinAsync(list, change, ct))
        );
        return [.. changes.Select(change => (change.Desired == DesiredState.Subscribed ? joined : left).Dequeue())];
    }

    public async Task<ListCatalog> ReadListsAsync(CancellationToken ct)
    {
        using var answer = await api.ReadGroupsAsync(ct);
        return answer is { IsSuccessful: true, Content.Data: { } groups }
            ? new([.. groups.Select(group => new ProviderList(group.Id, group.Name ?? "", group.ActiveCount))])
            : new(null, MailerLiteAnswers.Judge(ProviderAnswer.Of(answer, clock)).Outcome);
    }

    private async Task<Verdict> JoinAsync(ContactList list, ListChange change, CancellationToken ct) =>
        (await PushWithoutProperties.PushAsync(Name, fields.Of(change), values => SaveAsync(list, change, values, ct))).Verdict;

    private async Task<(Verdict, ProviderAnswer)> SaveAsync(
        ContactList list,
        ListChange change,
        IReadOnlyDictionary<string, object> values,
        CancellationToken ct
    )
    {
        // Only a fresh confirmation takes an unsubscribe back.
        var body = new MailerLiteSubscriber(
            Email: change.Address,
            Fields: values,
            Groups: [list.ProviderListId!],
            Status: change.Fresh ? "active" : null,
            Resubscribe: change.Fresh ? true : null,
            OptedInAt: change.ConfirmedAt?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
        );
        using var response = await api.SaveSubscriberAsync(body, ct);
        var answer = ProviderAnswer.Of(response, clock);
        return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created
            ? (Verdict.Fine, answer)
            : (MailerLiteAnswers.Judge(answer), answer);
    }

    /// <summary>Who is not there, or not in the group, has nothing to leave.</summary>
    private async Task<Verdict> LeaveAsync(ContactList list, ListChange change, CancellationToken ct)
    {
        using var known = await api.ReadSubscriberAsync(change.Address, ct);
        if (known is not { IsSuccessful: true, Content.Data.Id: { } id })
        {
            return known.StatusCode == HttpStatusCode.NotFound ? Verdict.Fine : MailerLiteAnswers.Judge(ProviderAnswer.Of(known, clock));
        }

        using var response = await api.RemoveFromGroupAsync(id, list.ProviderListId!, ct);
        return response.IsSuccessful || response.StatusCode == HttpStatusCode.NotFound
            ? Verdict.Fine
            : MailerLiteAnswers.Judge(ProviderAnswer.Of(response, clock));
    }
}
