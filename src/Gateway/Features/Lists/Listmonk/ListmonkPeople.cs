using System.Net;
using Gateway.Infrastructure.Connections;

namespace Gateway.Features.Lists.Listmonk;

/// <summary>People at a listmonk server: one subscriber for all its lists, and a subscription for each list.</summary>
internal sealed class ListmonkPeople(IListmonkApi api, TimeProvider clock)
{
    /// <summary>Whether the server turned out to have no call for all of it. An adapter lives as long as a batch.</summary>
    private bool _isOlder;

    /// <returns>The subscriber; null where there is none, or where it is not known, with the reason.</returns>
    public async Task<(ListmonkSubscriber? Found, Verdict? Failed)> FindAsync(string address, CancellationToken ct)
    {
        // listmonk has the address in small letters, and as a text of SQL a quotation mark is two.
        var query = $"subscribers.email = '{address.ToLowerInvariant().Replace("'", "''", StringComparison.Ordinal)}'";
        using var answer = await api.FindAsync(query, ct);
        return answer is { IsSuccessful: true, Content.Data.Results: { } results }
            ? (results.FirstOrDefault(one => string.Equals(one.Email, address, StringComparison.OrdinalIgnoreCase)), null)
            : (null, ListmonkAnswers.Judge(ProviderAnswer.Of(answer, clock)));
    }

    public async Task<Verdict> JoinAsync(int list, ListChange change, CancellationToken ct)
    {
        // The one call takes an unsubscribe back, so it is for fresh confirmations alone.
        if (change.Fresh && !_isOlder && await SaveAsync(list, change, ct) is { } saved)
        {
            return saved;
        }

        var (found, failed) = await FindAsync(change.Address, ct);
        if (failed is null && found is null)
        {
            using var added = await api.AddAsync(Person(list, change), ct);
            if (added.StatusCode != HttpStatusCode.Conflict)
            {
                return added.IsSuccessful ? Verdict.Fine
                    : added.StatusCode == HttpStatusCode.BadRequest
                        ? Verdict.Refused("listmonk does not accept this address, or the address' domain.")
                    : Judge(added);
            }

            // Somebody else was quicker.
            (found, failed) = await FindAsync(change.Address, ct);
        }

        return failed
            ?? (
                found is null
                    ? new(Concern.Unknown, new ListOutcome.Later("listmonk has the address and does not find it (409)."))
                    : await JoinAsync(list, found, change, ct)
            );
    }

    /// <summary>Who is not there, or not on the list, has nothing to leave.</summary>
    public async Task<Verdict> LeaveAsync(int list, ListChange change, CancellationToken ct)
    {
        var (found, failed) = await FindAsync(change.Address, ct);
        if (failed is not null || found?.On(list) is not { } subscription)
        {
            return failed ?? Verdict.Fine;
        }

        var isRemoved = change.Desired == DesiredState.Removed;
        if (!isRemoved && subscription.Status == ListmonkSubscription.Unsubscribed)
        {
            return Verdict.Fine;
        }

        using var answer = await api.ChangeListsAsync(new([found.Id], isRemoved ? "remove" : "unsubscribe", [list]), ct);
        return answer.IsSuccessful ? Verdict.Fine : Judge(answer);
    }

    /// <returns>Null when it is to be done the older way.</returns>
    private async Task<Verdict?> SaveAsync(int list, ListChange change, CancellationToken ct)
    {
        using var answer = await api.SaveAsync(Person(list, change) with { Conflict = "incoming" }, ct);
        if (answer is { IsSuccessful: true, Content.Data.Subscriber: { } saved })
        {
            return await WakeAsync(list, saved, ct);
        }

        _isOlder = answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed;
        return _isOlder || answer.StatusCode == HttpStatusCode.BadRequest ? null : Judge(answer);
    }

    /// <summary>Somebody who is there is changed, and subscribed unless they left: that, only a fresh confirmation takes back.</summary>
    private async Task<Verdict> JoinAsync(int list, ListmonkSubscriber found, ListChange change, CancellationToken ct)
    {
        var hasLeft =
            found.Status is not (null or ListmonkSubscriber.Enabled) || found.On(list)?.Status == ListmonkSubscription.Unsubscribed;
        if (change.Fresh || !hasLeft)
        {
            if (await WakeAsync(list, found, ct) is { Outcome: not ListOutcome.Synced } failed)
            {
                return failed;
            }
        }

        return await DescribeAsync(list, found, change, ct);
    }

    /// <summary>Takes the person off the blocklist, which unsubscribed them from all lists, and onto the one list.</summary>
    private async Task<Verdict> WakeAsync(int list, ListmonkSubscriber person, CancellationToken ct)
    {
        if (person.Status is not (null or ListmonkSubscriber.Enabled))
        {
            using var enabled = await ChangeAsync(person, new(person.Email, person.Name, ListmonkSubscriber.Enabled), ct);
            if (enabled is not { IsSuccessful: true })
            {
                return enabled is null
                    ? CannotChange("it is on the blocklist there. Take it off, and then try this again.")
                    : Judge(enabled);
            }
        }

        if (person.Status is null or ListmonkSubscriber.Enabled && person.On(list)?.Status == ListmonkSubscription.Confirmed)
        {
            return Verdict.Fine;
        }

        using var answer = await api.ChangeListsAsync(new([person.Id], "add", [list], ListmonkSubscription.Confirmed), ct);
        return answer.IsSuccessful ? Verdict.Fine : Judge(answer);
    }

    private async Task<Verdict> DescribeAsync(int list, ListmonkSubscriber found, ListChange change, CancellationToken ct)
    {
        var wanted = Person(list, change);
        var isSame =
            (wanted.Name is null || wanted.Name == found.Name)
            && wanted.Attributes!.All(one => (found.Attributes?.GetValueOrDefault(one.Key)?.ToString() ?? "") == one.Value.ToString());
        if (isSame)
        {
            return Verdict.Fine;
        }

        using var answer = await ChangeAsync(found, new(found.Email, wanted.Name ?? found.Name, Attributes: wanted.Attributes), ct);
        return answer is null
                ? new(
                    Concern.Person,
                    new ListOutcome.Synced(
                        PushWithoutProperties.Remark(
                            ListmonkLists.Name,
                            ["changes of name and properties, which this version of it cannot take"]
                        )
                    )
                )
            : answer.IsSuccessful ? Verdict.Fine
            : Judge(answer);
    }

    /// <summary>
    /// Changes a subscriber and none of their lists. An older server can only replace all of it: what is not given is lost, and lists that
    /// wait for a confirmation there would be confirmed, or asked about once more. So whoever has such a list stays as they are.
    /// </summary>
    /// <returns>Null when an older server cannot do it.</returns>
    private async Task<Refit.IApiResponse?> ChangeAsync(ListmonkSubscriber person, ListmonkPerson change, CancellationToken ct)
    {
        var answer = await api.ChangeAsync(person.Id, change, ct);
        if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
        {
            return answer;
        }

        answer.Dispose();
        var (now, failed) = await FindAsync(person.Email!, ct);
        if (failed is not null || now?.Lists is not { } lists || lists.Any(one => one.Status is not ("confirmed" or "unsubscribed")))
        {
            return null;
        }

        var attributes = new Dictionary<string, object>(now.Attributes ?? new Dictionary<string, object>());
        foreach (var (name, value) in change.Attributes ?? new Dictionary<string, object>())
        {
            attributes[name] = value;
        }

        return await api.ReplaceAsync(
            person.Id,
            new(
                now.Email,
                change.Name ?? now.Name,
                change.Status ?? now.Status,
                [.. lists.Select(one => one.Id)],
                attributes,
                Preconfirm: true
            ),
            ct
        );
    }

    private Verdict Judge(Refit.IApiResponse answer) => ListmonkAnswers.Judge(ProviderAnswer.Of(answer, clock));

    private static Verdict CannotChange(string why) => Verdict.Refused($"listmonk cannot subscribe this address: {why}");

    private static ListmonkPerson Person(int list, ListChange change) =>
        new(
            change.Address,
            change.Name?.Trim() is { Length: > 0 } name ? name : null,
            ListmonkSubscriber.Enabled,
            [list],
            AttributesOf(change),
            Preconfirm: true
        );

    private static Dictionary<string, object> AttributesOf(ListChange change)
    {
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var (name, value) in change.Properties)
        {
            attributes[name.Trim()] = value;
        }

        return attributes;
    }
}
