using System.Globalization;
using System.Net;
using Gateway.Features.Contacts;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Brevo;

/// <summary>
/// Lists at Brevo: who subscribes is saved one by one, since its imports cannot put a single person back; who leaves is taken off by one
/// call.
/// </summary>
internal sealed class BrevoLists(IBrevoApi api, BrevoAttributes attributes, IOptions<BrevoOptions> options, TimeProvider clock)
    : IListProvider
{
    public const string Key = "brevo";
    public const string Name = "Brevo";
    public const string Settings = "Lists__Brevo";

    public string? ErrorOf(string? providerListId) =>
        !options.Value.IsConfigured ? "Brevo cannot be used yet: set Lists__Brevo__ApiKey."
        : long.TryParse(providerListId, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null
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

    private async Task<IReadOnlyList<ListOutcome>> AddAsync(string list, List<ListChange> changes, CancellationToken ct) =>
        await attributes.EnsureAsync(changes, ct) is { } notYet
            ? [.. changes.Select(_ => notYet)]
            : await SequentialPush.PushAsync(changes, change => AddOneAsync(long.Parse(list, CultureInfo.InvariantCulture), change, ct));

    private async Task<Verdict> AddOneAsync(long list, ListChange change, CancellationToken ct)
    {
        // Brevo knows one unsubscribe for the whole account; only a fresh confirmation takes it back.
        var body = new BrevoContact(change.Address, attributes.Of(change), [list], change.Fresh ? false : null);
        using var answer = await api.SaveContactAsync(body, ct);
        return answer.StatusCode switch
        {
            HttpStatusCode.Created or HttpStatusCode.NoContent => new(new ListOutcome.Synced()),
            HttpStatusCode.BadRequest => Judge(answer),
            _ => new(answer.NotTold(Name, Settings, clock), IsForAll: true),
        };
    }

    private async Task<IReadOnlyList<ListOutcome>> RemoveAsync(string list, List<ListChange> changes, CancellationToken ct)
    {
        using var answer = await api.RemoveFromListAsync(list, new([.. changes.Select(change => change.Address)]), ct);
        var verdict = answer switch
        {
            // Whoever it counts as a failure was not on the list, which is all that was wanted.
            { StatusCode: HttpStatusCode.Created, IsSuccessful: true } => new(new ListOutcome.Synced()),
            { StatusCode: HttpStatusCode.BadRequest }
                when answer.Text().Contains("already removed", StringComparison.OrdinalIgnoreCase) => new(new ListOutcome.Synced()),
            { StatusCode: HttpStatusCode.BadRequest } => Judge(answer),
            _ => new Verdict(answer.NotTold(Name, Settings, clock), IsForAll: true),
        };
        return changes.Count > 1 && answer.StatusCode == HttpStatusCode.BadRequest && verdict.Outcome is not ListOutcome.Synced
            ? [.. (await SequentialPush.PushAsync(changes, async change => new((await RemoveAsync(list, [change], ct))[0])))]
            : [.. changes.Select(_ => verdict.Outcome)];
    }

    private Verdict Judge(Refit.IApiResponse answer)
    {
        var text = answer.Text();
        return text.Contains("invalid email", StringComparison.OrdinalIgnoreCase)
                ? new(new ListOutcome.Refused("Brevo does not accept this address."))
            : text.Contains("list id does not exist", StringComparison.OrdinalIgnoreCase)
                ? new(new ListOutcome.Later("Brevo does not know this list. Check the list's id there.", SyncBackoff.Max), IsForAll: true)
            : new(answer.NotTold(Name, Settings, clock));
    }
}
