using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Gateway.Features.Contacts;
using Microsoft.Extensions.Options;

namespace Gateway.Features.Lists.Mailjet;

/// <summary>Lists at Mailjet: one contact by a call, several by a job.</summary>
internal sealed partial class MailjetLists(
    IMailjetApi api,
    MailjetJobs jobs,
    MailjetProperties properties,
    IOptions<MailjetOptions> options,
    TimeProvider clock
) : IListProvider
{
    public const string Key = "mailjet";
    public const string Name = "Mailjet";
    public const string Settings = "Lists__Mailjet";

    public string? ErrorOf(string? providerListId) =>
        !options.Value.IsConfigured ? "Mailjet cannot be used yet: set Lists__Mailjet__ApiKey and Lists__Mailjet__SecretKey."
        : long.TryParse(providerListId, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null
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
        if (changes[0].Desired == DesiredState.Subscribed && await properties.EnsureAsync(changes, ct) is { } notYet)
        {
            return [.. changes.Select(_ => notYet)];
        }

        // A job that ends in an error does not say whose error it was.
        return changes.Count > 1 && await jobs.PushAsync(list, action, changes, ct) is { } outcome
            ? [.. changes.Select(_ => outcome)]
            : await SequentialPush.PushAsync(changes, change => TellOneAsync(list, action, change, ct));
    }

    private async Task<Verdict> TellOneAsync(string list, string action, ListChange change, CancellationToken ct)
    {
        var isSubscribed = change.Desired == DesiredState.Subscribed;
        var body = new ManageContact(
            change.Address,
            isSubscribed ? change.Name : null,
            action,
            isSubscribed ? properties.Of(change) : null
        );
        using var answer = await api.ManageContactAsync(list, body, ct);
        if (answer is { StatusCode: HttpStatusCode.Created or HttpStatusCode.OK, IsSuccessful: true, Content.Data.Count: > 0 })
        {
            return new(new ListOutcome.Synced());
        }

        if (answer.StatusCode != HttpStatusCode.BadRequest)
        {
            return new(answer.NotTold(Name, Settings, clock), IsForAll: true);
        }

        var text = answer.Text();
        if (text.Contains("Invalid key name", StringComparison.OrdinalIgnoreCase))
        {
            properties.Forget();
            return new(new ListOutcome.Later("A property was removed at Mailjet; it will be made again."));
        }

        return new(
            AddressRefused().IsMatch(text)
                ? new ListOutcome.Refused("Mailjet does not accept this address.")
                : answer.NotTold(Name, Settings, clock)
        );
    }

    [GeneratedRegex("""\b(invalid|property) email\b|"Email"\s*:""", RegexOptions.IgnoreCase)]
    private static partial Regex AddressRefused();
}
