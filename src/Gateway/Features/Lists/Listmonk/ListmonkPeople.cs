using System.Globalization;
using System.Net;
using Gateway.Infrastructure.Connections;
using Gateway.Infrastructure.Text;
using Refit;

namespace Gateway.Features.Lists.Listmonk;

/// <summary>People at a listmonk server: one subscriber for all its lists, and a subscription for each list.</summary>
internal sealed class ListmonkPeople(IListmonkApi api, TimeProvider clock)
{
    private static readonly IdnMapping Idn = new();

    /// <summary>Whether the server turned out to have no call for all of it. An adapter lives as long as a batch.</summary>
    private bool _isOlder;

    /// <returns>The subscriber; null where there is none, or where it is not known, with the reason.</returns>
    public async Task<(ListmonkSubscriber? Found, Verdict? Failed)> FindAsync(string address, CancellationToken ct)
    {
        // listmonk has the address in small letters, the domain as somebody typed it, and as a text of SQL a quotation mark is two.
        var key = EmailAddress.Parse(address)?.Key ?? address;
        var spellings = new[] { address.ToLowerInvariant(), key, InLetters(key) }
            .Distinct(StringComparer.Ordinal)
            .Select(one => $"subscribers.email = '{one.Replace("'", "''", StringComparison.Ordinal)}'");
        var query = string.Join(" or ", spellings);
        using var answer = await api.FindAsync(query, ct);
        return answer is { IsSuccessful: true, Content.Data.Results: { } results }
            ? (results.FirstOrDefault(one => EmailAddress.Parse(one.Email)?.Key == key), null)
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
                    : await api.JudgeAsync(added, ListmonkAnswers.ListRefused, clock, ct);
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
        return await JudgeAsync(answer, ct);
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

        // What is refused is done in steps, each of which says whether it is about the person.
        return _isOlder || answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden
            ? null
            : ListmonkAnswers.Judge(ProviderAnswer.Of(answer, clock));
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
            var enabled = await ChangeAsync(list, person, new(person.Email, person.Name, ListmonkSubscriber.Enabled), ct);
            if (enabled is not { Outcome: ListOutcome.Synced })
            {
                return enabled ?? CannotChange("it is on the blocklist there. Take it off, and then try this again.");
            }
        }

        if (person.Status is null or ListmonkSubscriber.Enabled && person.On(list)?.Status == ListmonkSubscription.Confirmed)
        {
            return Verdict.Fine;
        }

        using var answer = await api.ChangeListsAsync(new([person.Id], "add", [list], ListmonkSubscription.Confirmed), ct);
        return await JudgeAsync(answer, ct);
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

        return await ChangeAsync(list, found, new(found.Email, wanted.Name ?? found.Name, Attributes: wanted.Attributes), ct)
            ?? new(
                Concern.Person,
                new ListOutcome.Synced(
                    PushWithoutProperties.Remark(
                        ListmonkLists.Name,
                        ["changes of name and properties, which this version of it cannot take"]
                    )
                )
            );
    }

    /// <summary>
    /// Changes a subscriber and none of their lists. An older server can only replace all of it: other lists would be lost, asked about
    /// once more, or confirmed, with some versions even where the person unsubscribed. So only who is on this list alone is changed.
    /// </summary>
    /// <returns>Null when an older server cannot do it.</returns>
    private async Task<Verdict?> ChangeAsync(int list, ListmonkSubscriber person, ListmonkPerson change, CancellationToken ct)
    {
        using var answer = await api.ChangeAsync(person.Id, change with { Preconfirm = true }, ct);
        if (answer.StatusCode is not (HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
        {
            return await JudgeAsync(answer, ct);
        }

        var (now, failed) = await FindAsync(person.Email!, ct);
        if (failed is not null || now?.Lists is not [{ Status: ListmonkSubscription.Confirmed } only] || only.Id != list)
        {
            return failed;
        }

        var attributes = new Dictionary<string, object>(now.Attributes ?? new Dictionary<string, object>());
        foreach (var (name, value) in change.Attributes ?? new Dictionary<string, object>())
        {
            attributes[name] = value;
        }

        using var replaced = await api.ReplaceAsync(
            person.Id,
            new(now.Email, change.Name ?? now.Name, change.Status ?? now.Status, [list], attributes, Preconfirm: true),
            ct
        );
        return await JudgeAsync(replaced, ct);
    }

    /// <summary>Judges what was asked about somebody who is there.</summary>
    private async Task<Verdict> JudgeAsync(IApiResponse answer, CancellationToken ct) =>
        answer.IsSuccessful ? Verdict.Fine : await api.JudgeAsync(answer, ListmonkAnswers.PersonRefused, clock, ct);

    /// <returns>The address with its domain in the letters that people read.</returns>
    private static string InLetters(string key)
    {
        var at = key.LastIndexOf('@') + 1;
        try
        {
            return key[..at] + Idn.GetUnicode(key[at..]);
        }
        catch (ArgumentException)
        {
            return key;
        }
    }

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
